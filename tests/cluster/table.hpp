// One replica on a table: what it asks for is kept until the test answers it, its journal survives a crash.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "cluster/replica.hpp"
#include "storage/memory_journal.hpp"

namespace stoa {

class Table final : public ReplicaPort {
 public:
  static constexpr GroupId kGroup{1, 2};
  struct Sent {
    ReplicaId to;
    std::string message;
    std::optional<SnapshotOffer> offer;
  };
  struct Write {
    std::vector<JournalRecord> records;
    uint64_t ticket;
    std::optional<SnapshotOffer> install;
  };
  struct Lead {
    Role role;
    Term term;
    ReplicaId leader;
  };

  // One of the group's first voters.
  Table(ReplicaId id, Members first_members, uint64_t seed = 1);
  // Joins a group that exists.
  explicit Table(ReplicaId id);

  void boot();                     // from what is durable; does not pump
  void crash();                    // what was not stored is gone
  void flush();                    // the state is durable as it is now
  void store(size_t writes = 99);  // the oldest ones become durable; pumps
  void tick(int ticks = 1);        // pumps after each
  void settle();                   // stores and pumps until nothing is left
  bool propose(std::string_view payload);

  // A group of tables: everything that was sent is delivered, everything stored, until nothing moves.
  static void run(std::vector<Table*> tables);
  static void deliver(Table& from, Table& to);  // what stands in `from.sent` for it
  void elect(std::vector<Table*> tables);       // ticks until it leads, ready

  std::vector<std::string> applied_data() const;
  HardState stored_hard_state();

  ReplicaId id;
  std::optional<Replica> replica;
  MemoryJournal journal;
  std::deque<Write> writes;  // not stored yet
  std::vector<Sent> sent;
  std::vector<LogEntry> applied;  // since the boot
  std::vector<std::pair<Index, Members>> changes;
  std::vector<Lead> leads;
  std::vector<uint64_t> readable_ids, lost_ids;
  std::vector<std::pair<ReplicaId, Index>> wishes;
  Position durable;
  Members durable_members, members;

  void persist(std::vector<JournalRecord> records, uint64_t ticket) override;
  void send(ReplicaId to, std::string message) override;
  void apply(const CommittedEntry& entry) override;
  void members_changed(const Members& now, Index at) override;
  void lead_changed(Role role, Term term, ReplicaId leader) override;
  void readable(uint64_t read) override { readable_ids.push_back(read); }
  void read_lost(uint64_t read) override { lost_ids.push_back(read); }
  void snapshot_wanted(ReplicaId follower, Index at_least) override { wishes.emplace_back(follower, at_least); }
  void send_snapshot(ReplicaId to, std::string message, const SnapshotOffer& offer) override;
  void install(const SnapshotOffer& offer, std::vector<JournalRecord> records, uint64_t ticket) override;

 private:
  uint64_t seed_;
};

inline Members voters(std::vector<ReplicaId> ids) {
  Members out;
  out.voters = std::move(ids);
  return out;
}

}  // namespace stoa
