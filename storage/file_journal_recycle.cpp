// How the journal makes room: what the oldest segment is needed for is written again at the head and synced; then a
// record says that the segment is needed no more, and only after that may it be overwritten.
// Mostly that is a few bytes a group, since the state became durable long before: copying entries took 7 % of a
// checkout's CPU when every group that began in the segment was copied whole.
#include <algorithm>

#include "storage/file_journal.hpp"

namespace stoa {
namespace {

constexpr uint64_t kMoveBytes = 1 << 20;  // of entries in one part of a move

}  // namespace

// At least half of the live segments may be garbage, or moving would cost more than it frees. REQUIRES the lock.
size_t FileJournal::live_limit() const {
  const uint64_t needed = (index_.needed_bytes() + options_.segment_bytes - 1) / options_.segment_bytes;
  return std::max<size_t>(options_.segments - 1, 2 * needed + 1);
}

// Whether the oldest segment is to go. While little of it is needed it costs little; what is needed will often be
// trimmed soon, so that waiting is cheaper than copying.
bool FileJournal::wants_room(uint64_t oldest) const {
  if (live_.size() < options_.segments || oldest == sequence_) return false;
  const uint64_t little = options_.segment_bytes / 16;
  const std::lock_guard<std::mutex> lock(mutex_);
  return index_.bytes_to_move(oldest, little) < little || live_.size() > live_limit();
}

Result<void> FileJournal::recycle() {
  rolled_ = false;
  // As many as there are now: what the moves themselves fill is looked at the next time.
  for (size_t left = live_.size(); left > 1; --left) {
    const uint64_t oldest = live_.begin()->first;
    if (!wants_room(oldest)) return {};
    const auto moved = move_groups(oldest);
    if (!moved) return moved;
    const std::lock_guard<std::mutex> lock(mutex_);
    free_.push_back(std::move(live_.begin()->second));
    live_.erase(live_.begin());
  }
  return {};
}

// Writes again what this segment is the last to know: the log, whole, of a group that needs an entry of it; of others
// only what their log stands on.
Result<void> FileJournal::move_groups(uint64_t sequence) {
  std::vector<std::pair<MovedGroup, std::vector<PlacedEntry>>> moves;
  begin_frame(frame_);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [id, group] : index_.groups()) {
      if (group.head > sequence) continue;
      const MovedGroup what{id, group.replica, group.reset, group.hard_state};
      if (group.has_entries_upto(sequence)) {
        moves.emplace_back(what, places(group, group.reset.index + 1, group.last_index() + 1, SIZE_MAX));
      } else {
        write_base(frame_, what, group.last_index());
        postponed_.erase(id);
      }
    }
  }
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
