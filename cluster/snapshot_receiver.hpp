// Takes snapshots that other nodes bring for replicas here: stages their chunks, and when all are there, checked and
// synced, has the consensus message stepped that says so. Asks again for what is lost or damaged. A transfer that ends
// early leaves what it staged for a while: the next one of the same snapshot goes on from there.
// Promises: a few transfers at once; of each at most as many chunks here as it gave credit for; disk work is done by
// `worker`. A plain class; all calls on its loop, none of the port's from inside take() or installed().
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/executor.hpp"
#include "cluster/transfer_limits.hpp"
#include "cluster/transfer_message.hpp"
#include "storage/snapshot_staging.hpp"

namespace stoa {

class SnapshotReceiverPort {
 public:
  virtual ~SnapshotReceiverPort() = default;
  // To the node of message.from; dropped where it cannot leave.
  virtual void answer(const TransferMessage& message) = 0;
  // Whether that replica is here.
  virtual bool hosts(GroupId group, ReplicaId replica) const = 0;
  // The data is staged: Replica::step(from, consensus) of `to`. Whether the core takes it: then take() follows.
  virtual bool staged(GroupId group, ReplicaId from, ReplicaId to, const std::string& consensus) = 0;
  // A write or a sync failed: what the disk holds is unknown, stop the process.
  virtual void broken(const Error& error) = 0;
};

class SnapshotReceiver {
 public:
  static constexpr int kKeepTicks = 600;                 // what nobody goes on with or installs: a minute
  static constexpr uint64_t kReserveBytes = 1ULL << 30;  // of the disk that a snapshot must leave free
  static constexpr uint64_t kCheckedChunks = 16;         // in one job of the worker

  // All outlive this, and this outlives their posts. `disk` is the staging directory.
  SnapshotReceiver(SnapshotReceiverPort& port, Disk& disk, Executor& loop, Executor& worker,
                   TransferLimits limits = {});
  ~SnapshotReceiver();
  SnapshotReceiver(const SnapshotReceiver&) = delete;
  SnapshotReceiver& operator=(const SnapshotReceiver&) = delete;

  // What a sender says.
  void received(TransferMessage message);
  void tick();  // 100 ms

  // For ReplicaPort::install(): the staged snapshot that the manifest names. nullopt: there is none.
  std::optional<StagedSnapshot> take(GroupId group, ReplicaId replica, const std::string& manifest);
  // The journal knows of what was taken: its staging goes. May be called for what was not taken.
  void installed(GroupId group, ReplicaId replica);

  size_t transfers() const { return incoming_.size(); }

 private:
  enum class Phase { kOpening, kReceiving, kChecking, kStaged, kPromised, kTaken, kOver };
  struct Incoming {
    GroupId group;
    ReplicaId from = 0, to = 0;
    uint64_t number = 0;
    TransferOffer offer;
    SnapshotManifest manifest;
    Phase phase = Phase::kOpening;
    std::string name;                          // of the staging
    std::unique_ptr<SnapshotStaging> staging;  // the worker's while `working`
    std::optional<StagedSnapshot> staged;      // likewise
    std::deque<TransferChunk> chunks;          // to be written
    uint64_t next = 0;                         // to arrive
    int silent_ticks = 0;
    bool asked_again = false;  // since the last chunk in its turn
    bool abandoned = false;    // by its sender
    bool working = false;
  };
  using Key = std::pair<GroupId, ReplicaId>;

  void on_offer(TransferMessage message);
  void on_chunk(Incoming& in, TransferMessage message);
  void resume(Incoming& in, TransferMessage message);
  void begin(TransferMessage message, SnapshotManifest manifest);
  void write_next(Incoming& in);
  void on_written(Incoming& in, SnapshotStaging::Fate fate);
  void check(Incoming& in);
  void on_checked(Incoming& in, SnapshotStaging::Verdict verdict);
  // Runs `job` on the worker, then `then` with its value on the loop, unless the transfer is over by then.
  template <class Job, class Then>
  void work(Incoming& in, Job job, Then then);
  void credit(const Incoming& in, bool again);
  void say(const TransferMessage& to, decltype(TransferMessage::body) body);
  void step(Incoming& in);
  void give_up(Incoming& in, const std::string& reason);
  void drop(Incoming& in);
  void clear_away();

  SnapshotReceiverPort& port_;
  Disk& disk_;
  Executor& loop_;
  Executor& worker_;
  const TransferLimits limits_;
  std::map<Key, std::unique_ptr<Incoming>> incoming_;
  std::deque<std::unique_ptr<Incoming>> dropped_;  // the worker may be busy with them
};

}  // namespace stoa
