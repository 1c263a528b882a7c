// Opening a journal: which segments there are, which turns they hold, and whether the end is torn or damaged.
// The rules are in docs/journal-format.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/disk.hpp"
#include "storage/journal_frame.hpp"
#include "storage/journal_index.hpp"

namespace stoa {

struct JournalSegment {
  std::string name;
  std::unique_ptr<File> file;
  SegmentHeader header;  // sequence 0: free
};

struct OpenedJournal {
  std::vector<std::unique_ptr<JournalSegment>> live;  // in the order of their sequences
  std::vector<std::unique_ptr<JournalSegment>> free;  // in the order in which they must be used
  uint64_t last_sequence = 0;
  uint64_t last_turn = 0;
};

// Reads all segments into the index. What the last process may have written without a sync is synced when this returns,
// so that all that was read will be there after the next crash too. An error says which segment is damaged, and how.
Result<OpenedJournal> open_journal(Disk& disk, JournalIndex& index);

// A new free segment, durable with its name.
Result<std::unique_ptr<JournalSegment>> create_segment(Disk& disk, uint64_t number, uint64_t bytes);

}  // namespace stoa
