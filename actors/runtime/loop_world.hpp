// The world of the shards on one loop: runs their turns within the loop's rounds, hands all their journal records over
// once at the end of the loop's turn, and carries their questions and effects.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/runtime/actor_router.hpp"
#include "actors/runtime/bundler.hpp"
#include "actors/runtime/mesh.hpp"
#include "actors/runtime/shard.hpp"
#include "actors/runtime/snapshot_desk.hpp"
#include "cluster/loop.hpp"
#include "storage/free_space.hpp"
#include "storage/journal_writer.hpp"

namespace stoa {

// Carries out effects for one name (a payment provider, password hashing). On the loop; `done` is called there, later.
using EffectAdapter =
    std::function<void(const std::string& key, const std::string& request, std::function<void(std::string)> done)>;

// Called on the loop with what a shard is about to apply, before anything of it is answered.
using OnApplying = std::function<void(GroupId group, const WriteSet& writes)>;

class LoopWorld final : public ShardWorld {
 public:
  struct Parts {
    Loop& loop;
    ActorRouter& router;
    Journal& journal;
    JournalWriter& writer;
    const Clock& clock;
    Random& random;
    const std::map<std::string, std::vector<Subscriber>>& subscribers;  // by fact
    const std::map<std::string, EffectAdapter>& adapters;               // by name
    const FreeSpace* space = nullptr;                                   // none: never low
    OnApplying on_applying = nullptr;                                   // may be empty
    Mesh* mesh = nullptr;                                               // none: no other nodes
    bool early = false;                                                 // see ShardWorld::early()
  };
  // All parts outlive the world; the shards end before it.
  explicit LoopWorld(Parts parts);

  void add(Shard& shard) { shards_.push_back(&shard); }
  // It has no turn any more; what it asked the journal for in this turn is not written, and of all before it nobody is
  // told: the journal may forget the group at once.
  void remove(Shard& shard);
  Shard* find(GroupId group) const;
  // Who brings snapshots; it outlives the shards. Without one nobody does.
  void set_desk(SnapshotDesk& desk) { desk_ = &desk; }
  // A message of consensus for a replica here; dropped where there is none.
  void step(const std::string& from_node, const RaftItem& item);
  // Where replicas are, learnt from the directory and from their own messages.
  void placed(const Directory& directory);
  // Nothing goes to the journal any more: what was not handed over was never acknowledged.
  void stop() { stopped_ = true; }
  // Every 100 ms, on the loop: the one ticker of all its shards and its router.
  void tick();

  const Clock& clock() const override { return parts_.clock; }
  Random& random() override { return parts_.random; }
  const ShardCounts& shards() const override { return parts_.router.directory().counts; }
  const std::vector<Subscriber>& subscribers(const std::string& fact) const override;
  bool storage_low() const override { return parts_.space != nullptr && parts_.space->low(); }
  void wake(Shard& shard) override;
  void persist(Shard& shard, std::vector<JournalRecord> records, uint64_t ticket) override;
  bool early() const override { return parts_.early; }
  void when_stored(std::function<void()> then) override;
  void applying(GroupId group, const WriteSet& writes) override {
    if (parts_.on_applying) parts_.on_applying(group, writes);
  }
  std::string node_of(GroupId group, ReplicaId replica) const override;
  void send(Shard& shard, ReplicaId to, std::string message) override;
  void snapshot_wanted(Shard& shard, ReplicaId follower, Index at_least) override;
  void send_snapshot(Shard& shard, ReplicaId to, std::string message, const SnapshotOffer& offer) override;
  void install(Shard& shard, const SnapshotOffer& offer, std::vector<JournalRecord> records, uint64_t ticket) override;
  Index oldest_snapshot(GroupId group) const override { return desk_ == nullptr ? 0 : desk_->oldest(group); }
  void trim(GroupId group, Index upto) override { parts_.journal.trim(group, upto); }
  void ask(uint16_t service, Slot slot, Call call, AnyCommand command, OnReply on_reply) override;
  void ask_encoded(uint16_t service, Slot slot, Call call, const std::string& command, const std::string& payload,
                   OnReply on_reply) override;
  void perform(const Effect& effect, OnEffect on_effect) override;

 private:
  const CommandTable::Entry& entry_of(uint16_t service, std::string_view command) const;
  bool is_removed(const Shard& shard) const;
  bool run_awake();
  void hand_over();
  void stored(const std::vector<std::pair<Shard*, uint64_t>>& tickets);

  Parts parts_;
  Bundler bundler_;
  std::vector<Shard*> shards_;
  std::vector<Shard*> awake_, running_;
  std::vector<JournalRecord> records_;                                  // of this turn
  std::vector<std::pair<Shard*, uint64_t>> tickets_;                    // likewise
  uint64_t handed_over_ = 0, stored_ = 0;                               // turns that had records
  std::deque<std::pair<uint64_t, std::function<void()>>> when_stored_;  // by the turn that they wait for
  std::map<std::pair<GroupId, ReplicaId>, std::string> routes_;
  SnapshotDesk* desk_ = nullptr;
  std::vector<const Shard*> removed_;
  bool stopped_ = false;
};

}  // namespace stoa
