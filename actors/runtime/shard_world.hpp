// What a shard asks of the program around it. All calls and all callbacks are on the shard's loop; a callback never
// runs from inside the call that was given it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "actors/runtime/command_table.hpp"
#include "actors/runtime/reply.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "cluster/replica_port.hpp"
#include "storage/journal.hpp"
#include "storage/saga_row.hpp"
#include "storage/write_set.hpp"

namespace stoa {

class Shard;

// A fact's subscriber: whose service gets which command.
struct Subscriber {
  uint16_t service = 0;
  std::function<AnyCommand(const std::string& payload)> command;
};

class ShardWorld {
 public:
  virtual ~ShardWorld() = default;

  virtual const Clock& clock() const = 0;
  virtual Random& random() = 0;
  virtual const ShardCounts& shards() const = 0;
  virtual const std::vector<Subscriber>& subscribers(const std::string& fact) const = 0;

  // Free space is under the soft mark: what clients ask to be written is refused.
  virtual bool storage_low() const = 0;

  // The shard has something to do: call its turn() soon.
  virtual void wake(Shard& shard) = 0;
  // Written with all else of this turn, then Shard::stored(ticket).
  virtual void persist(Shard& shard, std::vector<JournalRecord> records, uint64_t ticket) = 0;
  // Whether a service of this node may build upon what this shard has handed to persist() before it is stored. True
  // only where nobody but this node's journal decides what becomes of an entry: it keeps a prefix of what it is given,
  // so whatever was built upon a lost entry is lost with it. What leaves the node always waits.
  virtual bool early() const = 0;
  // Runs it once all that was handed to persist() so far, by any shard, is stored.
  virtual void when_stored(std::function<void()> then) = 0;
  // `writes` are about to be applied; what they change is answered only after this.
  virtual void applying(GroupId group, const WriteSet& writes) = 0;
  // The node where a replica is, or empty: of the leader, for a caller who came to the wrong one.
  virtual std::string node_of(GroupId group, ReplicaId replica) const = 0;
  // To another replica of the group; unreliable.
  virtual void send(Shard& shard, ReplicaId to, std::string message) = 0;
  // As the ReplicaPort functions of these names; the shard's part is in Shard::state(), offer_snapshot(),
  // report_snapshot() and stored().
  virtual void snapshot_wanted(Shard& shard, ReplicaId follower, Index at_least) = 0;
  virtual void send_snapshot(Shard& shard, ReplicaId to, std::string message, const SnapshotOffer& offer) = 0;
  virtual void install(Shard& shard, const SnapshotOffer& offer, std::vector<JournalRecord> records,
                       uint64_t ticket) = 0;
  // Of the oldest snapshot on its way to a follower, who will need the log behind it; 0: none.
  virtual Index oldest_snapshot(GroupId group) const = 0;
  // Entries up to `upto` are durable in the state.
  virtual void trim(GroupId group, Index upto) = 0;

  using OnReply = std::function<void(Reply)>;
  // One try; answered with `unavailable` when nothing came until the call's deadline.
  virtual void ask(uint16_t service, Slot slot, Call call, AnyCommand command, OnReply on_reply) = 0;
  virtual void ask_encoded(uint16_t service, Slot slot, Call call, const std::string& command,
                           const std::string& payload, OnReply on_reply) = 0;

  using OnEffect = std::function<void(std::string result)>;
  virtual void perform(const Effect& effect, OnEffect on_effect) = 0;
};

}  // namespace stoa
