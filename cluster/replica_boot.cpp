#include "cluster/replica_boot.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace stoa {

Index trimmable(Index durable_applied, const Members& members, ReplicaId self, Index kept_for_others) {
  STOA_CHECK(kept_for_others >= 1, "the log must reach the state");
  const bool alone = members.sole_voter(self) && members.learners.empty();
  const Index kept = alone ? 1 : kept_for_others;
  return durable_applied > kept ? durable_applied - kept : 0;
}

std::vector<JournalRecord> ReplicaBoot::birth_records(GroupId group, ReplicaId id) {
  return {{group, id, Reset{kBirth.index, kBirth.term}}, {group, id, HardState{kBirth.term, 0, kBirth.index}}};
}

std::vector<JournalRecord> ReplicaBoot::join_records(GroupId group, ReplicaId id) { return {{group, id, Reset{0, 0}}}; }

std::vector<JournalRecord> ReplicaBoot::first_records(GroupId group, const ReplicaBirth& birth) {
  return birth.voters.empty() ? join_records(group, birth.id) : birth_records(group, birth.id);
}

std::vector<JournalRecord> ReplicaBoot::reset_records(GroupId group, const GroupLog& log, Position at) {
  HardState hard = log.hard_state;
  if (hard.term < at.term) {
    hard = {at.term, 0, 0};  // nothing was promised in that term: the install was not complete
  }
  hard.commit = at.index;
  return {{group, log.replica, Reset{at.index, at.term}}, {group, log.replica, hard}};
}

Position ReplicaBoot::applied_position() const {
  const bool newborn = applied == Position{} && log.reset == Reset{kBirth.index, kBirth.term};
  return newborn ? kBirth : applied;
}

HardState ReplicaBoot::hard_state() const {
  HardState out = log.hard_state;
  out.commit = std::max({out.commit, applied_position().index, log.reset.index});
  return out;
}

void ReplicaBoot::check() const {
  const Position at = applied_position();
  STOA_CHECK(log.replica != 0, "a replica has an id");
  STOA_CHECK(at.index >= log.reset.index, "the log begins behind the state: entries are missing");
  STOA_CHECK(at.index <= log.last_index(), "the log does not reach the state: the journal lost what was synced");
  STOA_CHECK(hard_state().commit <= log.last_index(), "the log does not reach its commit index");
  Position last{log.reset.term, log.reset.index};
  STOA_CHECK(at.index != last.index || at.term == last.term, "state and log disagree on a term");
  for (const LogEntry& entry : log.entries) {
    STOA_CHECK(entry.index == last.index + 1 && entry.term >= last.term, "a hole or a falling term in the log");
    last = {entry.term, entry.index};
    STOA_CHECK(at.index != last.index || at.term == last.term, "state and log disagree on a term");
  }
  STOA_CHECK(log.hard_state.term >= last.term, "the log is ahead of its own term");
}

}  // namespace stoa
