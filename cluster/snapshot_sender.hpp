// Brings snapshots to followers on other nodes: a few at once, the others wait for their turn, and of each only a few
// chunks are under way, as many as the receiver gave credit for. Offers again what was not answered, begins again where
// the receiver asks, and gives up on one that is silent. Promises: every send() is followed by one report_snapshot(),
// later; at most one chunk of a transfer is held here.
// A plain class; all calls on its loop. None of the port's functions is called from inside send().
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "base/executor.hpp"
#include "cluster/replica_port.hpp"
#include "cluster/snapshot_shelf.hpp"
#include "cluster/transfer_limits.hpp"
#include "cluster/transfer_message.hpp"

namespace stoa {

class SnapshotSenderPort {
 public:
  virtual ~SnapshotSenderPort() = default;
  // To the node of message.to. False: it does not leave; the transfer waits and tries again.
  virtual bool send(const TransferMessage& message) = 0;
  // Replica::report_snapshot().
  virtual void report_snapshot(GroupId group, ReplicaId to, bool ok) = 0;
};

class SnapshotSender {
 public:
  // All outlive this, and this outlives their posts.
  SnapshotSender(SnapshotSenderPort& port, SnapshotShelf& shelf, Executor& loop, Executor& worker,
                 TransferLimits limits = {});
  ~SnapshotSender();
  SnapshotSender(const SnapshotSender&) = delete;
  SnapshotSender& operator=(const SnapshotSender&) = delete;

  // ReplicaPort::send_snapshot(), by replica `from`. May be called from inside it. Takes the place of an earlier
  // transfer to the same replica.
  void send(GroupId group, ReplicaId from, ReplicaId to, std::string consensus, const SnapshotOffer& offer);
  // What a receiver says. Anything that fits no transfer is dropped.
  void received(const TransferMessage& message);
  // The connection to some replicas is lost: their transfers have failed.
  void lost(const std::function<bool(GroupId group, ReplicaId to)>& which);
  void tick();  // 100 ms

  size_t transfers() const { return moving_.size() + waiting_.size(); }

 private:
  struct Transfer {
    GroupId group;
    ReplicaId from = 0, to = 0;
    uint64_t number = 0;
    Index index = 0;
    TransferOffer offer;
    const SnapshotReader* reader = nullptr;  // held while it moves
    uint64_t next = 0;                       // chunk to be sent
    uint64_t upto = 0;                       // credit
    int silent_ticks = 0;
    bool reading = false;  // the worker uses the reader
    bool over = false;     // reported; goes once the worker is done with it
  };

  void begin_waiting();
  void begin(std::unique_ptr<Transfer> transfer);
  void go_on(Transfer& transfer);
  void on_read(uint64_t number, uint64_t chunk, std::string payload);
  void end(Transfer& transfer, bool ok);
  void fail_waiting(Transfer& transfer);
  void clear_away();
  bool say(const Transfer& transfer, decltype(TransferMessage::body) body);
  Transfer* find(const TransferMessage& message);

  SnapshotSenderPort& port_;
  SnapshotShelf& shelf_;
  Executor& loop_;
  Executor& worker_;
  const TransferLimits limits_;
  std::deque<std::unique_ptr<Transfer>> waiting_;
  std::list<std::unique_ptr<Transfer>> moving_;
  uint64_t last_number_ = 0;
};

}  // namespace stoa
