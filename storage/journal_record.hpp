// The records inside a frame of the journal: how they are written and read. The format is in docs/journal-format.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/journal.hpp"
#include "storage/little_endian.hpp"

namespace stoa {

enum class JournalRecordKind : uint8_t {
  kEntries = 1,
  kHardState = 2,
  kReset = 3,
  kMoved = 4,   // a part of a group's whole log, written again before an old segment is recycled
  kOldest = 5,  // segments before this one are needed no more
  kBase = 6,    // what a group's log stands on, written again; its entries stay where they are
};

struct StoredEntryView {
  Index index = 0;
  Term term = 0;
  uint8_t kind = 0;
  uint32_t checksum = 0;  // crc32c of data
  std::string_view data;
};

// A record as it was read. Views point into what was read; which fields mean something depends on the kind.
struct JournalRecordView {
  JournalRecordKind kind = JournalRecordKind::kEntries;
  GroupId group;
  ReplicaId replica = 0;
  HardState hard_state;                  // kHardState, kMoved, kBase
  Reset reset;                           // kReset, kMoved, kBase: the point before its first entry
  bool first_part = false;               // kMoved
  bool last_part = false;                // kMoved: with this part the moved log replaces the group's
  std::vector<StoredEntryView> entries;  // kEntries, kMoved
  Index last = 0;                        // kBase: of the group's log
  uint64_t oldest = 0;                   // kOldest: a segment's sequence
};

// Everything of a group that a kMoved record holds beside the entries, and a kBase record beside their last index.
struct MovedGroup {
  GroupId group;
  ReplicaId replica = 0;
  Reset reset;
  HardState hard_state;
};

void write_record(std::string& out, const JournalRecord& record);
void write_moved(std::string& out, const MovedGroup& moved, bool first_part, bool last_part,
                 const std::vector<LogEntry>& entries);
void write_base(std::string& out, const MovedGroup& group, Index last);
void write_oldest(std::string& out, uint64_t sequence);

constexpr size_t kEntryOverhead = 17;  // bytes in the file beside an entry's data
constexpr size_t kMovedOverhead = 67;  // bytes of a kMoved record without entries

class JournalRecordReader {
 public:
  explicit JournalRecordReader(std::string_view records) : in_(records) {}
  // False at the end; an error if the bytes are no record of this version.
  Result<bool> next(JournalRecordView& record);

 private:
  void read_entries(JournalRecordView& record);
  NumberReader in_;
};

}  // namespace stoa
