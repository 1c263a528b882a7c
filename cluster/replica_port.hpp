// What a Replica asks of the world around it, and the values that pass between the two.
// Every function is called from inside Replica::pump() (or the constructor's first pump) on its owner's thread.
// None of them may call the replica back; work that needs it waits until pump() has returned.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/group.hpp"
#include "cluster/members.hpp"
#include "storage/journal.hpp"

namespace stoa {

// Names an entry for ever: if another term stands at the index later, the entry is gone.
struct Position {
  Term term = 0;
  Index index = 0;
  friend bool operator==(Position a, Position b) { return a.term == b.term && a.index == b.index; }
  friend bool operator!=(Position a, Position b) { return !(a == b); }
};

enum class Role : uint8_t { kFollower, kCandidate, kLeader };

// Stands for the state at one position. The manifest is opaque here (ranges, checksums, where to fetch the data);
// data, members and term all belong to that one position.
struct SnapshotOffer {
  Position at;
  Members members;
  std::string manifest;
};

// A view of an entry of the log: good during the call.
struct CommittedEntry {
  Index index = 0;
  Term term = 0;
  uint8_t kind = 0;  // as LogEntry::kind
  std::string_view data;
};

class ReplicaPort {
 public:
  virtual ~ReplicaPort() = default;

  // Append to the node's journal in this order, sync, then Replica::stored(ticket). Tickets rise; a replica's calls
  // complete in their order (stored(n) says that all before n are stored too). A failure aborts the process.
  virtual void persist(std::vector<JournalRecord> records, uint64_t ticket) = 0;

  // Unreliable, unordered, may be lost or doubled. Hand it to step() of replica `to`.
  virtual void send(ReplicaId to, std::string message) = 0;

  // Committed and durable in this node's journal; strictly rising indexes, once per boot. Entries that are not commands
  // (`data` empty: a leader's first; `kind` not 0: a change of members) come too, so that the applied index advances.
  virtual void apply(const CommittedEntry& entry) = 0;

  // Right before apply() of the entry that changed them; store them with that applied index. A replica that is no
  // longer contained was removed. It goes on, ticks included, and may be destroyed only when a majority of the new
  // voters has got this call for the change too: until then they may still need its vote.
  virtual void members_changed(const Members& members, Index at) = 0;

  // On each change of role, term or known leader (0 = none known).
  virtual void lead_changed(Role role, Term term, ReplicaId leader) = 0;

  // Everything that was committed when read(id) was asked has been applied.
  virtual void readable(uint64_t read) = 0;
  // Not answered, and will not be: ask again under a new id, elsewhere, or give up.
  virtual void read_lost(uint64_t read) = 0;

  // `follower` needs entries that are no longer in the log. Flush, then call Replica::offer_snapshot() with a position
  // >= `at_least` whose members contain `follower`. Asked again when it is still missing.
  virtual void snapshot_wanted(ReplicaId follower, Index at_least) = 0;
  // As send(), but the data that `offer` names must be staged at the receiver before the message is stepped there.
  // Always followed, later, by Replica::report_snapshot(to, ok).
  virtual void send_snapshot(ReplicaId to, std::string message, const SnapshotOffer& offer) = 0;
  // Replace the whole state by the staged one, with `offer.members` and `offer.at` as applied, make that durable, then
  // persist `records` (the first is a Reset) as persist() would and call stored(ticket). Until then the replica
  // ignores ticks, messages and proposals.
  virtual void install(const SnapshotOffer& offer, std::vector<JournalRecord> records, uint64_t ticket) = 0;
};

}  // namespace stoa
