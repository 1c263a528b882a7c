#include "storage/file_journal.hpp"

#include <algorithm>

namespace stoa {
namespace {

bool holds_more_than_hard_states(const std::vector<JournalRecord>& turn) {
  return std::any_of(turn.begin(), turn.end(),
                     [](const JournalRecord& r) { return !std::holds_alternative<HardState>(r.body); });
}

}  // namespace

Result<std::unique_ptr<FileJournal>> FileJournal::open(Disk& disk, const JournalOptions& options) {
  STOA_CHECK(options.segments >= 3 && options.segment_bytes >= 4 * kJournalBlock &&
                 options.segment_bytes % kJournalBlock == 0 && options.segment_bytes <= uint64_t{1} << 31,
             "the journal has at least three segments of whole blocks");
  std::unique_ptr<FileJournal> journal(new FileJournal(disk, options));
  const Result<void> started = journal->start();
  if (!started) return started.error();
  return journal;
}

Result<void> FileJournal::start() {
  Result<OpenedJournal> opened = open_journal(disk_, index_);
  if (!opened) return opened.error();
  sequence_ = opened->last_sequence;
  turn_ = opened->last_turn;
  const auto note_name = [this](const JournalSegment& segment) {
    next_name_ = std::max<uint64_t>(next_name_, std::strtoull(segment.name.c_str(), nullptr, 10) + 1);
  };
  for (auto& segment : opened->live) {
    note_name(*segment);
    live_.emplace(segment->header.sequence, std::move(segment));
  }
  for (auto& segment : opened->free) {
    note_name(*segment);
    free_.push_back(std::move(segment));
  }
  while (live_.size() + free_.size() < options_.segments) {
    const auto added = add_free_segment();
    if (!added) return added;
  }
  // Never behind what was read: a torn frame may be left there.
  const auto rolled = roll();
  if (!rolled) return rolled;
  return recycle();
}

Result<void> FileJournal::append(const std::vector<JournalRecord>& turn, bool sync) {
  if (failure_) return *failure_;
  auto done = append_turn(turn, sync);
  if (done && rolled_) done = recycle();
  if (!done) failure_ = done.error();
  return done;
}

Result<void> FileJournal::append_turn(const std::vector<JournalRecord>& turn, bool sync) {
  // A frame that is written but not synced could be lost while a later one stays, which would look like damage. So what
  // nobody wants synced is not written at all yet.
  if (!sync && !holds_more_than_hard_states(turn)) {
    postpone(turn);
    return {};
  }
  begin_frame(frame_);
  for (const auto& [group, record] : postponed_) write_record(frame_, record);
  postponed_.clear();
  for (const JournalRecord& record : turn) write_record(frame_, record);
  if (frame_bytes(frame_.size()) > max_turn_bytes()) {
    return Error{"journal: a turn of " + std::to_string(frame_.size()) + " bytes is larger than a segment takes"};
  }
  return write_frame();
}

void FileJournal::postpone(const std::vector<JournalRecord>& turn) {
  std::string encoded;
  for (const JournalRecord& record : turn) {
    write_record(encoded, record);
    postponed_[record.group] = record;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto applied = index_.apply_all(encoded, {sequence_, 0, encoded.data()});
  STOA_CHECK(applied.ok(), applied.error().what);
}

// Writes and syncs frame_ as the next turn.
Result<void> FileJournal::write_frame() {
  const uint64_t length = frame_.size() - kFrameHeaderBytes;
  JournalSegment* head = live_.at(sequence_).get();
  if (end_ + frame_bytes(length) > head->file->size()) {
    const auto rolled = roll();
    if (!rolled) return rolled;
    head = live_.at(sequence_).get();
  }
  finish_frame(frame_, sequence_, turn_ + 1);
  auto done = [&] {
    const std::lock_guard<std::mutex> writing(writing_);
    {
      // Before the write, so that nothing that breaks the rules reaches the disk.
      const std::lock_guard<std::mutex> lock(mutex_);
      const auto records = std::string_view(frame_).substr(kFrameHeaderBytes, length);
      const auto applied = index_.apply_all(records, {sequence_, end_, frame_.data()});
      STOA_CHECK(applied.ok(), applied.error().what);
    }
    return head->file->write(end_, frame_);
  }();
  if (done) done = head->file->sync();
  ++turn_;
  end_ += frame_.size();
  return done;
}

// Begins a new segment.
Result<void> FileJournal::roll() {
  const auto space = disk_.free_bytes();
  if (!space) return space.error();
  if (*space < options_.min_free_bytes) {
    return Error{"journal: only " + std::to_string(*space) + " bytes are free on the disk, " +
                 std::to_string(options_.min_free_bytes) + " are required"};
  }
  if (free_.empty()) {
    const auto added = add_free_segment();
    if (!added) return added;
  }
  std::unique_ptr<JournalSegment> segment = std::move(free_.front());
  free_.pop_front();
  segment->header = {++sequence_, turn_};
  auto done = segment->file->write(0, encode_header(segment->header));
  if (done) done = segment->file->sync();
  end_ = kJournalBlock;
  rolled_ = true;
  const std::lock_guard<std::mutex> lock(mutex_);
  live_.emplace(sequence_, std::move(segment));
  return done;
}

Result<void> FileJournal::add_free_segment() {
  const auto space = disk_.free_bytes();
  if (!space) return space.error();
  if (*space < options_.min_free_bytes + options_.segment_bytes) {
    return Error{"journal: no room for a segment of " + std::to_string(options_.segment_bytes) + " bytes: only " +
                 std::to_string(*space) + " are free on the disk, " + std::to_string(options_.min_free_bytes) +
                 " must stay so"};
  }
  auto segment = create_segment(disk_, next_name_++, options_.segment_bytes);
  if (!segment) return segment.error();
  free_.push_back(std::move(*segment));
  return {};
}

std::vector<GroupId> FileJournal::groups() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<GroupId> out;
  for (const auto& [group, places] : index_.groups()) out.push_back(group);
  return out;
}

void FileJournal::trim(GroupId group, Index upto) {
  const std::lock_guard<std::mutex> lock(mutex_);
  index_.trim(group, upto);
}

uint64_t FileJournal::needed_bytes() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return index_.needed_bytes();
}

// A block less than a segment holds, since a move writes a little more than the turn did.
uint64_t FileJournal::max_turn_bytes() const { return options_.segment_bytes - 2 * kJournalBlock; }

}  // namespace stoa
