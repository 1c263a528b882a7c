// How the journal finds and checks what it gives back.
#include <algorithm>

#include "base/crc32c.hpp"
#include "storage/file_journal.hpp"

namespace stoa {
namespace {

constexpr uint64_t kReadBytes = 1 << 20;  // at once

}  // namespace

Result<std::optional<GroupLog>> FileJournal::recover(GroupId group) {
  GroupLog log;
  Index end = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const GroupPlaces* found = index_.find(group);
    if (!found) return std::optional<GroupLog>();
    log = {found->replica, found->reset, found->hard_state, {}};
    end = found->last_index() + 1;
  }
  auto entries = read(group, log.reset.index + 1, end, SIZE_MAX);
  if (!entries) return entries.error();
  log.entries = std::move(*entries);
  return std::optional<GroupLog>(std::move(log));
}

Result<std::vector<LogEntry>> FileJournal::read(GroupId group, Index from, Index to, size_t max_bytes) {
  if (from >= to) return std::vector<LogEntry>();
  const auto locate = [&]() -> Result<std::vector<PlacedEntry>> {
    const std::lock_guard<std::mutex> lock(mutex_);
    const GroupPlaces* found = index_.find(group);
    if (!found || from <= found->reset.index || to > found->last_index() + 1) {
      return Error{"journal: entries " + std::to_string(from) + " to " + std::to_string(to) + " are not in the log"};
    }
    return places(*found, from, to, max_bytes);
  };
  for (bool waited = false;;) {
    const auto where = locate();
    if (!where) return where.error();
    auto entries = load(*where);
    if (entries) return entries;
    // Not damage if the segment was recycled while it was read, for then the entries have moved; nor if they are being
    // written now.
    const auto now = locate();
    if (!now) return now.error();
    const bool same = std::equal(where->begin(), where->end(), now->begin(), now->end(),
                                 [](const PlacedEntry& a, const PlacedEntry& b) { return a.place == b.place; });
    if (same && waited) return entries;
    waited = same;
    const std::lock_guard<std::mutex> written(writing_);
  }
}

// REQUIRES the lock.
std::vector<FileJournal::PlacedEntry> FileJournal::places(const GroupPlaces& group, Index from, Index to,
                                                          size_t max_bytes) const {
  std::vector<PlacedEntry> out;
  size_t bytes = 0;
  for (Index i = from; i < to; ++i) {
    const EntryPlace& place = group.entries[i - group.reset.index - 1];
    bytes += place.length;
    if (!out.empty() && bytes > max_bytes) break;
    out.push_back({i, place, live_.at(place.sequence)->file.get()});
  }
  return out;
}

Result<std::vector<LogEntry>> FileJournal::load(const std::vector<PlacedEntry>& places) {
  std::vector<LogEntry> out;
  out.reserve(places.size());
  for (size_t first = 0; first < places.size();) {
    // A run of entries that lie one after another is read at once.
    const uint64_t begin = places[first].place.offset;
    uint64_t end = begin + places[first].place.length;
    size_t last = first + 1;
    for (; last < places.size() && places[last].file == places[first].file; ++last) {
      const EntryPlace& place = places[last].place;
      if (place.offset < end || place.offset + place.length - begin > kReadBytes) break;
      end = place.offset + place.length;
    }
    const auto bytes = places[first].file->read(begin, end - begin);
    if (!bytes) return bytes.error();
    for (; first < last; ++first) {
      const auto& [index, place, file] = places[first];
      std::string data = bytes->substr(place.offset - begin, place.length);
      if (crc32c(data) != place.checksum) {
        return Error{"journal: entry " + std::to_string(index) + " at byte " + std::to_string(place.offset) +
                     " of segment " + std::to_string(place.sequence) + " does not match its checksum"};
      }
      out.push_back({index, place.term, place.kind, std::move(data)});
    }
  }
  return out;
}

}  // namespace stoa
