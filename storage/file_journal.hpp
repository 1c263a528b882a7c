// The journal on a disk: segments of fixed size, preallocated, overwritten in place and recycled oldest first.
// The format, what an opening accepts and what recycling writes again are in docs/journal-format.md.
// Any write or sync that fails, and too little free space, make append fail for good: the process must stop.
#pragma once

#include <deque>
#include <map>
#include <mutex>

#include "storage/journal_opening.hpp"

namespace stoa {

struct JournalOptions {
  uint64_t segment_bytes = 64 << 20;    // a multiple of 4 KiB; a turn must fit
  uint64_t segments = 4;                // at least 3; more are made while more is needed
  uint64_t min_free_bytes = 128 << 20;  // the hard mark: with less left on the disk the journal fails
};

class FileJournal final : public Journal {
 public:
  // Recovers what is there, or begins anew in an empty directory. The disk outlives the journal.
  static Result<std::unique_ptr<FileJournal>> open(Disk& disk, const JournalOptions& options);

  Result<void> append(const std::vector<JournalRecord>& turn, bool sync) override;
  std::vector<GroupId> groups() const override;
  Result<std::optional<GroupLog>> recover(GroupId group) override;
  Result<std::vector<LogEntry>> read(GroupId group, Index from, Index to, size_t max_bytes) override;
  void trim(GroupId group, Index upto) override;

  // About the bytes of all entries that were not trimmed. Any thread.
  uint64_t needed_bytes() const;
  // The largest frame that append accepts; the records of a turn take a little more than their data.
  uint64_t max_turn_bytes() const;

 private:
  struct PlacedEntry {
    Index index;
    EntryPlace place;
    const File* file;
  };

  FileJournal(Disk& disk, const JournalOptions& options) : disk_(disk), options_(options) {}

  Result<void> start();
  Result<void> append_turn(const std::vector<JournalRecord>& turn, bool sync);
  void postpone(const std::vector<JournalRecord>& turn);
  Result<void> write_frame();
  Result<void> roll();
  Result<void> add_free_segment();
  Result<void> recycle();
  Result<void> move_groups(uint64_t sequence);
  Result<void> move_group(const MovedGroup& group, const std::vector<PlacedEntry>& places);
  bool wants_room(uint64_t oldest) const;
  size_t live_limit() const;
  std::vector<PlacedEntry> places(const GroupPlaces& group, Index from, Index to, size_t max_bytes) const;
  static Result<std::vector<LogEntry>> load(const std::vector<PlacedEntry>& places);

  Disk& disk_;
  const JournalOptions options_;

  // Only the thread that appends.
  std::string frame_;                           // what is built and written
  std::map<GroupId, JournalRecord> postponed_;  // hard states that nobody wants synced: they go with the next frame
  std::deque<std::unique_ptr<JournalSegment>> free_;
  uint64_t next_name_ = 1;
  uint64_t sequence_ = 0;  // of the newest segment
  uint64_t turn_ = 0;      // the last written
  uint64_t end_ = 0;       // where the next frame goes in the newest segment
  bool rolled_ = false;    // a segment was begun since the last recycling
  std::optional<Error> failure_;

  std::mutex writing_;  // held while the index knows of a frame whose bytes may not be there yet; taken before mutex_

  mutable std::mutex mutex_;  // guards all below
  JournalIndex index_;
  std::map<uint64_t, std::unique_ptr<JournalSegment>> live_;  // by sequence
};

}  // namespace stoa
