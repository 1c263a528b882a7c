// The journal: the one synced log of a node, shared by the consensus groups of all its services.
// Promises: a turn is there whole or not at all; a turn that was appended with sync is there after any crash, and so is
// every turn before it; what is trimmed makes room. Kinds: storage/file_journal.hpp on disk,
// storage/memory_journal.hpp. Threads: append from one thread at a time; everything else from any thread, beside
// append.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/group.hpp"
#include "base/result.hpp"

namespace stoa {

struct LogEntry {
  Index index = 0;
  Term term = 0;
  uint8_t kind = 0;  // 0 normal, 1 change of members
  std::string data;

  friend bool operator==(const LogEntry& a, const LogEntry& b) {
    return a.index == b.index && a.term == b.term && a.kind == b.kind && a.data == b.data;
  }
  friend bool operator!=(const LogEntry& a, const LogEntry& b) { return !(a == b); }
};

struct HardState {
  Term term = 0;
  uint64_t vote = 0;  // the replica voted for in this term; 0 is none
  Index commit = 0;

  friend bool operator==(const HardState& a, const HardState& b) {
    return a.term == b.term && a.vote == b.vote && a.commit == b.commit;
  }
  friend bool operator!=(const HardState& a, const HardState& b) { return !(a == b); }
};

// Replaces the group's tail from the first entry's index on. Indexes follow one another, terms never fall, the first
// index is above what was trimmed and at most one past the last. Anything else is a broken invariant: append aborts.
struct Entries {
  std::vector<LogEntry> entries;
};

// Empties the group's log; the next entry is index + 1. Under the id that the group has, its hard state stays (a
// snapshot is installed); under another id it starts from nothing (creation, a new replica). With replica id 0 the
// group is forgotten: removal.
struct Reset {
  Index index = 0;
  Term term = 0;

  friend bool operator==(const Reset& a, const Reset& b) { return a.index == b.index && a.term == b.term; }
  friend bool operator!=(const Reset& a, const Reset& b) { return !(a == b); }
};

// Records under another replica id than that of the group's last Reset are ignored.
// A group's first record must be a Reset.
struct JournalRecord {
  GroupId group;
  ReplicaId replica = 0;
  std::variant<Entries, HardState, Reset> body;
};

// What recovery found for a group. The log has no hole: entries[0].index == reset.index + 1.
struct GroupLog {
  ReplicaId replica = 0;
  Reset reset;  // the point before the first entry: the last Reset, or where the log was trimmed since
  HardState hard_state;
  std::vector<LogEntry> entries;

  Index last_index() const { return entries.empty() ? reset.index : entries.back().index; }
};

class Journal {
 public:
  virtual ~Journal() = default;

  // One frame: valid whole or not at all. Blocks. With sync it returns once the turn, and all before it, will survive a
  // crash. Without sync a crash may take the turn, never part of it and never one before it; a turn that holds Entries
  // or a Reset is always synced. After a failure the journal is of no use any more: stop the process.
  virtual Result<void> append(const std::vector<JournalRecord>& turn, bool sync) = 0;

  // The groups that have a Reset and were not forgotten.
  virtual std::vector<GroupId> groups() const = 0;

  // The group's log as appended so far; nullopt for an unknown group. A start that knows the state's durable applied
  // index calls trim first, so that only what came after it is read.
  virtual Result<std::optional<GroupLog>> recover(GroupId group) = 0;

  // Entries from <= index < to, cut after max_bytes of data, but at least one if from < to. An error if part of the
  // range was trimmed or was not appended yet, or if what is on disk does not match its checksum (then: stop).
  virtual Result<std::vector<LogEntry>> read(GroupId group, Index from, Index to, size_t max_bytes) = 0;

  // Entries <= upto are needed no more: their effect is durable in the state. Never fails and does no I/O; a crash may
  // forget it. Past the last entry it trims all there is; an unknown group is ignored.
  virtual void trim(GroupId group, Index upto) = 0;
};

}  // namespace stoa
