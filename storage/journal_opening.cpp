#include "storage/journal_opening.hpp"

#include <algorithm>
#include <cstdio>

#include "storage/journal_scan.hpp"

namespace stoa {
namespace {

constexpr std::string_view kSuffix = ".segment";
constexpr std::string_view kUnfinished = ".unfinished";

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

Error damage(const std::string& what) {
  return Error{"journal: " + what +
               ". The journal is damaged and will not be opened: bring this node back under new replica ids from its "
               "peers, or restore a backup"};
}

class Opening {
 public:
  Opening(Disk& disk, JournalIndex& index) : disk_(disk), index_(index) {}

  Result<OpenedJournal> run() {
    for (const auto step : {&Opening::read_headers, &Opening::check_chain, &Opening::replay, &Opening::judge_the_end,
                            &Opening::check_oldest, &Opening::sync_the_end}) {
      const Result<void> done = (this->*step)();
      if (!done) return done.error();
    }
    sort_out();
    return std::move(out_);
  }

 private:
  Result<void> read_headers();
  Result<void> check_chain();
  Result<void> replay();
  Result<void> replay_segment(const JournalSegment& segment, uint64_t last_turn);
  Result<void> judge_the_end();
  Result<void> check_oldest();
  Result<void> sync_the_end();
  void sort_out();

  Disk& disk_;
  JournalIndex& index_;
  OpenedJournal out_;
  std::vector<std::unique_ptr<JournalSegment>> headless_;
  File* last_file_ = nullptr;  // the last valid frame
  uint64_t last_offset_ = 0;
  std::string last_frame_;
  uint64_t end_ = kJournalBlock;  // where the newest segment's frames end
};

Result<void> Opening::read_headers() {
  const auto names = disk_.list();
  if (!names) return names.error();
  for (const std::string& name : *names) {
    if (ends_with(name, kUnfinished)) {
      const auto removed = disk_.remove(name);
      if (!removed) return removed;
    }
    if (!ends_with(name, kSuffix)) continue;
    auto segment = std::make_unique<JournalSegment>();
    segment->name = name;
    auto file = disk_.open(name);
    if (!file) return file.error();
    segment->file = std::move(*file);
    if (segment->file->size() < 2 * kJournalBlock) return damage(name + " was cut short");
    const auto block = segment->file->read(0, kJournalBlock);
    if (!block) return block.error();
    const auto header = decode_header(*block);
    if (!header) return Error{"journal: " + name + " cannot be read: " + header.error().what};
    if (*header) segment->header = **header;
    auto& kind = !*header ? headless_ : segment->header.sequence == 0 ? out_.free : out_.live;
    kind.push_back(std::move(segment));
  }
  return {};
}

Result<void> Opening::check_chain() {
  auto& live = out_.live;
  std::sort(live.begin(), live.end(),
            [](const auto& a, const auto& b) { return a->header.sequence < b->header.sequence; });
  for (size_t i = 1; i < live.size(); ++i) {
    const SegmentHeader& before = live[i - 1]->header;
    const SegmentHeader& header = live[i]->header;
    if (header.sequence != before.sequence + 1) {
      return damage("segment " + std::to_string(before.sequence + 1) + " is missing before " + live[i]->name);
    }
    if (header.kept < before.kept) return damage(live[i]->name + " does not follow " + live[i - 1]->name);
  }
  if (!live.empty()) {
    out_.last_sequence = live.back()->header.sequence;
    out_.last_turn = live.front()->header.kept;
  }
  return {};
}

Result<void> Opening::replay() {
  for (size_t i = 0; i < out_.live.size(); ++i) {
    const bool newest = i + 1 == out_.live.size();
    const auto done = replay_segment(*out_.live[i], newest ? UINT64_MAX : out_.live[i + 1]->header.kept);
    if (!done) return done;
  }
  return {};
}

// Turns up to last_turn, all of which must be there unless it is UINT64_MAX.
Result<void> Opening::replay_segment(const JournalSegment& segment, uint64_t last_turn) {
  JournalScan scan(*segment.file);
  uint64_t offset = kJournalBlock;
  for (; out_.last_turn < last_turn; ++out_.last_turn) {
    const uint64_t turn = out_.last_turn + 1;
    const auto frame = scan.frame_at(offset);
    if (!frame) return frame.error();
    const bool valid = *frame && (*frame)->header.sequence == segment.header.sequence && (*frame)->header.turn == turn;
    if (!valid && last_turn == UINT64_MAX) break;
    const std::string where =
        "turn " + std::to_string(turn) + " at byte " + std::to_string(offset) + " of " + segment.name;
    if (!valid) return damage(where + " is not valid, but a later segment was begun after it was synced");
    const std::string_view bytes = (*frame)->bytes;
    const FramePlace place{segment.header.sequence, offset, bytes.data()};
    const auto applied = index_.apply_all(frame_records(bytes, (*frame)->header), place);
    if (!applied) return damage(where + ": " + applied.error().what);
    last_file_ = segment.file.get();
    last_offset_ = offset;
    last_frame_.assign(bytes);
    offset += bytes.size();
  }
  end_ = offset;
  return {};
}

// Turn k is written only after turn k-1 was synced. So if the first turn that is not valid is followed by a valid later
// one anywhere, it was once synced, and is damaged; if not, its sync never returned, and nobody was told of it.
Result<void> Opening::judge_the_end() {
  const uint64_t bad = out_.last_turn + 1;
  const auto proof = [&](const JournalSegment& segment, uint64_t offset,
                         std::optional<uint64_t> sequence) -> Result<void> {
    const auto found = JournalScan(*segment.file).find(offset, bad, sequence);
    if (!found) return found.error();
    if (!*found) return {};
    return damage("turn " + std::to_string(bad) + " is not where it belongs, but " + segment.name + " holds turn " +
                  std::to_string((*found)->header.turn) + " at byte " + std::to_string((*found)->offset) +
                  ", so it was synced");
  };
  if (!out_.live.empty()) {
    const auto judged = proof(*out_.live.back(), end_, out_.last_sequence);
    if (!judged) return judged;
  }
  for (const auto& segment : headless_) {
    const auto judged = proof(*segment, kJournalBlock, std::nullopt);
    if (!judged) return judged;
  }
  return {};
}

Result<void> Opening::check_oldest() {
  if (!out_.live.empty() && out_.live.front()->header.sequence > index_.oldest()) {
    return damage("segment " + std::to_string(index_.oldest()) + " is missing");
  }
  const auto complete = index_.end_replay();
  if (!complete) return damage(complete.error().what);
  return {};
}

// The last frame and the newest header are the only bytes that may have been seen by this process without being on the
// disk (the last process died before its sync returned, or its sync failed). Written again, a sync must take them.
Result<void> Opening::sync_the_end() {
  if (out_.live.empty()) return {};
  JournalSegment& newest = *out_.live.back();
  auto done = newest.file->write(0, encode_header(newest.header));
  if (done && last_file_) done = last_file_->write(last_offset_, last_frame_);
  if (done) done = newest.file->sync();
  if (done && last_file_ && last_file_ != newest.file.get()) done = last_file_->sync();
  return done;
}

// Freed segments still have their old headers, and are used again oldest first: so those that are left follow one
// another without a gap, whenever the power is cut.
void Opening::sort_out() {
  auto& live = out_.live;
  const auto needed = std::find_if(live.begin(), live.end(),
                                   [&](const auto& segment) { return segment->header.sequence >= index_.oldest(); });
  std::move(headless_.begin(), headless_.end(), std::back_inserter(out_.free));
  std::move(live.begin(), needed, std::back_inserter(out_.free));
  live.erase(live.begin(), needed);
}

}  // namespace

Result<OpenedJournal> open_journal(Disk& disk, JournalIndex& index) { return Opening(disk, index).run(); }

Result<std::unique_ptr<JournalSegment>> create_segment(Disk& disk, uint64_t number, uint64_t bytes) {
  char name[32];
  std::snprintf(name, sizeof name, "%08llu", static_cast<unsigned long long>(number));
  auto segment = std::make_unique<JournalSegment>();
  segment->name = name + std::string(kSuffix);
  const std::string unfinished = name + std::string(kUnfinished);
  auto file = disk.create(unfinished, bytes);
  if (!file) return file.error();
  segment->file = std::move(*file);
  auto done = segment->file->write(0, encode_header(segment->header));
  if (done) done = segment->file->sync();
  if (done) done = disk.rename(unfinished, segment->name);
  if (done) done = disk.sync_names();
  if (!done) return done.error();
  return segment;
}

}  // namespace stoa
