// One simulated machine: a disk that survives, a replica that does not, and the loop between them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "cluster/replica.hpp"
#include "storage/memory_journal.hpp"
#include "tests/cluster/simulation/world.hpp"

namespace stoa::simulation {

class Node final : public ReplicaPort {
 public:
  struct Answer {
    bool done = false;  // false = unknown: the caller repeats
    Index index = 0;
  };
  using Reply = std::function<void(Answer)>;

  Node(World& world, ReplicaId id) : world_(world), id_(id) {}
  void be_born(const Members& members);  // one of the group's first voters
  void be_empty();                       // joins by a snapshot
  void boot();
  void crash();
  void pause(int64_t ms);

  bool up() const { return replica_.has_value(); }
  ReplicaId id() const { return id_; }
  const Replica& replica() const { return *replica_; }
  const Machine& machine() const { return machine_; }

  void write(const Command& command, Reply reply);
  void read(uint64_t key, Reply reply);
  bool change_members(const std::vector<MemberChange>& changes);
  void transfer_lead(ReplicaId to);
  void lose_leader();  // it is told that its connection to the leader is gone
  void flush(bool trim);

  bool deliver(ReplicaId from, const std::string& message);  // false = not up
  void report_snapshot(ReplicaId to, bool ok);

  void persist(std::vector<JournalRecord> records, uint64_t ticket) override;
  void send(ReplicaId to, std::string message) override;
  void apply(const CommittedEntry& entry) override;
  void members_changed(const Members& members, Index at) override;
  void lead_changed(Role role, Term term, ReplicaId leader) override;
  void readable(uint64_t read) override;
  void read_lost(uint64_t read) override;
  void snapshot_wanted(ReplicaId follower, Index at_least) override;
  void send_snapshot(ReplicaId to, std::string message, const SnapshotOffer& offer) override;
  void install(const SnapshotOffer& offer, std::vector<JournalRecord> records, uint64_t ticket) override;

 private:
  struct Durable {
    Position applied;
    Members members;
    Machine machine;
    bool installing = false;  // the marker: the journal may not know of the state yet
  };
  struct Write {
    std::vector<JournalRecord> records;
    uint64_t ticket;
    std::optional<SnapshotOffer> install;
  };
  struct Waiting {
    Term term;
    Reply reply;
  };

  void later(int64_t delay_ms, std::function<void()> what);  // not after a crash, not during a pause
  void tick();
  void input();  // the loop takes a turn soon
  void turn();
  void begin_disk_turn();
  void end_disk_turn(size_t writes);
  void note_appended(const std::vector<JournalRecord>& records);
  GroupLog recovered();

  World& world_;
  const ReplicaId id_;

  MemoryJournal journal_;
  Durable durable_;

  uint64_t life_ = 0;
  int64_t paused_until_ms_ = 0;
  std::optional<Replica> replica_;
  Machine machine_;
  Members members_;
  bool turn_due_ = false;
  bool disk_busy_ = false;
  bool installing_ = false;
  uint64_t stored_early_ = 0;
  std::vector<Write> queue_;  // oldest first; the first ones may be under way
  std::vector<std::pair<ReplicaId, Index>> wishes_;
  std::map<Index, Waiting> waiting_;
  std::map<uint64_t, std::pair<uint64_t, Reply>> reads_;  // id -> key
  uint64_t last_read_ = 0;
  std::map<Index, Term> terms_;  // of the log as asked for
};

}  // namespace stoa::simulation
