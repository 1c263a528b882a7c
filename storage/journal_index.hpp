// Where the journal's files hold what each group still needs. Filled by replaying frames, and the same way by
// appending. Promises: a record that breaks the rules of storage/journal.hpp is an error and is not taken. Not
// synchronised: its owner locks.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <vector>

#include "storage/journal_record.hpp"

namespace stoa {

// The data of one entry: bytes of the segment with this sequence.
struct EntryPlace {
  uint64_t sequence = 0;
  Term term = 0;
  uint32_t offset = 0;
  uint32_t length = 0;
  uint32_t checksum = 0;
  uint8_t kind = 0;

  friend bool operator==(const EntryPlace& a, const EntryPlace& b) {
    return a.sequence == b.sequence && a.offset == b.offset && a.term == b.term;
  }
};

struct GroupPlaces {
  ReplicaId replica = 0;
  Reset reset;  // the point before the first entry
  HardState hard_state;
  std::deque<EntryPlace> entries;
  // The oldest segment that a replay needs: that of the last Reset, move or base, or of the first entry above the base
  // when it was written, trimmed since or not.
  uint64_t head = 0;

  // Whether an entry lies in this segment or before.
  bool has_entries_upto(uint64_t sequence) const { return !entries.empty() && entries.front().sequence <= sequence; }

  void stand_on(uint64_t sequence) { head = entries.empty() ? sequence : std::min(sequence, entries.front().sequence); }

  Index last_index() const { return reset.index + entries.size(); }
  Term last_term() const { return entries.empty() ? reset.term : entries.back().term; }
};

// The frame that records were read from.
struct FramePlace {
  uint64_t sequence = 0;
  uint64_t offset = 0;  // of `begin`, in the segment
  const char* begin = nullptr;
};

class JournalIndex {
 public:
  Result<void> apply(const JournalRecordView& record, const FramePlace& frame);
  Result<void> apply_all(std::string_view records, const FramePlace& frame);
  void trim(GroupId group, Index upto);

  // Until here groups without a Reset may have records: it lay in a segment that is gone, and a move or a base comes
  // later. An error if none came. From here on such records are errors.
  Result<void> end_replay();

  const GroupPlaces* find(GroupId group) const;
  const std::map<GroupId, GroupPlaces>& groups() const { return groups_; }
  uint64_t oldest() const { return oldest_; }              // segments before this are needed no more
  uint64_t needed_bytes() const { return needed_bytes_; }  // about what moving all groups would write
  // Of the groups that have entries in this segment or before; counts no further once it is `enough`.
  uint64_t bytes_to_move(uint64_t sequence, uint64_t enough) const;

 private:
  Result<void> apply_reset(const JournalRecordView& record, const FramePlace& frame);
  Result<void> apply_moved(const JournalRecordView& record, const FramePlace& frame);
  Result<void> apply_base(const JournalRecordView& record, const FramePlace& frame);
  Result<void> apply_headless(const JournalRecordView& record, const FramePlace& frame);
  Result<void> append(GroupPlaces& group, const JournalRecordView& record, const FramePlace& frame, bool counted);
  void put(GroupId id, GroupPlaces group);
  void drop(GroupId id);

  std::map<GroupId, GroupPlaces> groups_;
  std::map<GroupId, GroupPlaces> moving_;  // moves whose last part has not come yet
  // Groups whose Reset was not seen, and by replica id what was seen of their logs: a base that comes may stand on it.
  std::map<GroupId, std::map<ReplicaId, GroupPlaces>> headless_;
  bool replaying_ = true;
  uint64_t oldest_ = 1;
  uint64_t needed_bytes_ = 0;
};

}  // namespace stoa
