// How the journal makes room: what the oldest segment is needed for is written again at the head and synced; then a
// record says that the segment is needed no more, and only after that may it be overwritten.
#include <algorithm>

#include "storage/file_journal.hpp"

namespace stoa {
namespace {

constexpr uint64_t kMoveBytes = 1 << 20;  // of entries in one part of a move

}  // namespace

// At least half of the live segments may be garbage, or moving would cost more than it frees.
size_t FileJournal::live_limit() const {
  const uint64_t needed = (needed_bytes() + options_.segment_bytes - 1) / options_.segment_bytes;
  return std::max<size_t>(options_.segments - 1, 2 * needed + 1);
}

Result<void> FileJournal::recycle() {
  rolled_ = false;
  // As many as there are now: what the moves themselves fill is looked at the next time.
  for (size_t left = live_.size(); left > 1 && live_.size() > live_limit(); --left) {
    const uint64_t oldest = live_.begin()->first;
    if (oldest == sequence_) return {};
    const auto moved = move_groups(oldest);
    if (!moved) return moved;
    const std::lock_guard<std::mutex> lock(mutex_);
    free_.push_back(std::move(live_.begin()->second));
    live_.erase(live_.begin());
  }
  return {};
}

// Writes again every group whose head lies in this segment or before, whole, since a Reset or a move stands for all.
Result<void> FileJournal::move_groups(uint64_t sequence) {
  std::vector<std::pair<MovedGroup, std::vector<PlacedEntry>>> moves;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [id, group] : index_.groups()) {
      if (group.head > sequence) continue;
      moves.emplace_back(MovedGroup{id, group.replica, group.reset, group.hard_state},
                         places(group, group.reset.index + 1, group.last_index() + 1, SIZE_MAX));
    }
  }
  begin_frame(frame_);
  for (const auto& [group, entries] : moves) {
    const auto moved = move_group(group, entries);
    if (!moved) return moved;
    postponed_.erase(group.group);
  }
  write_oldest(frame_, sequence + 1);
  return write_frame();
}

// Adds the group's parts to frame_, and writes the frame whenever it is full.
Result<void> FileJournal::move_group(const MovedGroup& group, const std::vector<PlacedEntry>& places) {
  size_t next = 0;
  do {
    const size_t first = next;
    const uint64_t limit = std::min(kMoveBytes, options_.segment_bytes / 4);
    uint64_t bytes = kMovedOverhead;
    while (next < places.size()) {
      const uint64_t more = places[next].place.length + kEntryOverhead;
      if (next > first && bytes + more > limit) break;
      bytes += more;
      ++next;
    }
    const auto begin = places.begin() + static_cast<ptrdiff_t>(first);
    const auto end = places.begin() + static_cast<ptrdiff_t>(next);
    const auto entries = load(std::vector<PlacedEntry>(begin, end));
    if (!entries) return entries.error();
    if (frame_.size() > kFrameHeaderBytes && frame_.size() + bytes > limit) {
      const auto written = write_frame();
      if (!written) return written;
      begin_frame(frame_);
    }
    write_moved(frame_, group, first == 0, next == places.size(), *entries);
  } while (next < places.size());
  return {};
}

}  // namespace stoa
