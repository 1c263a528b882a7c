// What a replica starts from: its journal and, from the state database, how far the state goes. Log and state must fit
// together: a hole, a falling term, or a log that does not reach the state means lost data, and the process stops.
#pragma once

#include <cstdint>
#include <vector>

#include "base/group.hpp"
#include "cluster/members.hpp"
#include "cluster/replica_port.hpp"
#include "storage/journal.hpp"

namespace stoa {

// How a replica comes to be: with its group, as one of its first voters, or later, by a snapshot.
struct ReplicaBirth {
  ReplicaId id = 0;
  std::vector<ReplicaId> voters;  // the group's first, sorted; empty: the group is there already

  static ReplicaBirth alone(ReplicaId id) { return {id, {id}}; }
  friend bool operator==(const ReplicaBirth& a, const ReplicaBirth& b) { return a.id == b.id && a.voters == b.voters; }
  friend bool operator!=(const ReplicaBirth& a, const ReplicaBirth& b) { return !(a == b); }
};

// Entries behind the durable applied index that a leader keeps for members who have less: whoever stayed further behind
// gets a snapshot.
constexpr Index kKeptForOthers = 2'000;
// A follower needs fewer: who stays behind is fed by the leader, and when that one dies the others are close to each
// other. What followers kept filled the journal, and moving it on took 5 % of a checkout's CPU.
constexpr Index kKeptByFollowers = 200;

// Up to where a log may be trimmed: the entry at the durable applied index stays, since the log must reach it; so do
// those kept for others where there are any, at least 1. 0 = nothing.
Index trimmable(Index durable_applied, const Members& members, ReplicaId self, Index kept_for_others);

struct ReplicaBoot {
  GroupId group;
  uint64_t seed = 0;  // of election timeouts: the same seed and inputs give the same outputs
  GroupLog log;       // what Journal::recover gave; names the replica's id
  Position applied;   // the durable state's; {0, 0} = nothing stored yet, the state is that of the group's birth
  Members members;    // as of `applied`
  Index kept_for_others = kKeptForOthers;

  // What a group's first replicas write to the journal (synced) before they boot for the first time: the group is born
  // at index 1, term 1, so that every later replica starts from a snapshot and none believes itself alone.
  static std::vector<JournalRecord> birth_records(GroupId group, ReplicaId id);
  // What a replica that comes later writes instead: it knows nothing, and votes for nobody before its snapshot.
  static std::vector<JournalRecord> join_records(GroupId group, ReplicaId id);
  static constexpr Position kBirth{1, 1};
  static std::vector<JournalRecord> first_records(GroupId group, const ReplicaBirth& birth);
  // What to write (synced) before a boot that finds a snapshot installed in the state, up to `at`, but not in the
  // journal. Only with the proof that an install was under way: else the journal has lost something.
  static std::vector<JournalRecord> reset_records(GroupId group, const GroupLog& log, Position at);

  Position applied_position() const;  // `applied`, or the birth's
  // A stored commit below what is applied is ordinary: it is not synced on its own.
  HardState hard_state() const;
  void check() const;  // aborts
};

}  // namespace stoa
