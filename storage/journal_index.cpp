#include "storage/journal_index.hpp"

#include <algorithm>

namespace stoa {
namespace {

std::string name(GroupId group) { return "group " + std::to_string(group.service) + "/" + std::to_string(group.shard); }

uint64_t bytes_of(const EntryPlace& entry) { return entry.length + kEntryOverhead; }

uint64_t bytes_of(const GroupPlaces& group) {
  uint64_t bytes = kMovedOverhead;
  for (const EntryPlace& entry : group.entries) bytes += bytes_of(entry);
  return bytes;
}

}  // namespace

const GroupPlaces* JournalIndex::find(GroupId group) const {
  const auto found = groups_.find(group);
  return found == groups_.end() ? nullptr : &found->second;
}

Result<void> JournalIndex::apply_all(std::string_view records, const FramePlace& frame) {
  JournalRecordReader reader(records);
  JournalRecordView record;
  while (true) {
    const Result<bool> more = reader.next(record);
    if (!more) return more.error();
    if (!*more) return {};
    auto applied = apply(record, frame);
    if (!applied) return applied;
  }
}

Result<void> JournalIndex::apply(const JournalRecordView& record, const FramePlace& frame) {
  switch (record.kind) {
    case JournalRecordKind::kReset:
      return apply_reset(record, frame);
    case JournalRecordKind::kMoved:
      return apply_moved(record, frame);
    case JournalRecordKind::kBase:
      return apply_base(record, frame);
    case JournalRecordKind::kOldest:
      oldest_ = std::max(oldest_, record.oldest);
      return {};
    case JournalRecordKind::kEntries:
    case JournalRecordKind::kHardState:
      break;
  }
  const auto found = groups_.find(record.group);
  if (found == groups_.end()) {
    if (!replaying_) return Error{name(record.group) + ": its first record is not a Reset"};
    return apply_headless(record, frame);
  }
  if (found->second.replica != record.replica) return {};
  if (record.kind == JournalRecordKind::kEntries) return append(found->second, record, frame, true);
  found->second.hard_state = record.hard_state;
  return {};
}

// Its log began in a segment that is gone, so what is left of it may begin anywhere, and again where a part is missing:
// the base that must follow knows what is needed.
Result<void> JournalIndex::apply_headless(const JournalRecordView& record, const FramePlace& frame) {
  auto& logs = headless_[record.group];
  if (record.kind == JournalRecordKind::kHardState || record.entries.empty()) return {};
  const Index first = record.entries.front().index;
  GroupPlaces& log = logs[record.replica];
  if (log.entries.empty() || first <= log.reset.index || first > log.last_index() + 1) {
    log = GroupPlaces{};
    log.reset.index = first - 1;
  }
  return append(log, record, frame, false);
}

Result<void> JournalIndex::apply_base(const JournalRecordView& record, const FramePlace& frame) {
  const auto known = groups_.find(record.group);
  if (known != groups_.end()) {
    if (known->second.replica != record.replica) return Error{name(record.group) + ": a base of another replica"};
    known->second.hard_state = record.hard_state;
    trim(record.group, record.reset.index);
    known->second.stand_on(frame.sequence);
    return {};
  }
  if (!replaying_) return Error{name(record.group) + ": a base without a log"};
  auto& logs = headless_[record.group];
  GroupPlaces whole;
  if (record.last > record.reset.index) {
    whole = logs[record.replica];
    // Unless what stands behind the base is all there, a later base took its place before its first entry was let go.
    if (whole.entries.empty() || whole.reset.index > record.reset.index || whole.last_index() != record.last) return {};
    while (whole.reset.index < record.reset.index) {
      ++whole.reset.index;
      whole.entries.pop_front();
    }
  }
  whole.replica = record.replica;
  whole.reset = record.reset;
  whole.hard_state = record.hard_state;
  whole.stand_on(frame.sequence);
  headless_.erase(record.group);
  put(record.group, std::move(whole));
  return {};
}

Result<void> JournalIndex::apply_reset(const JournalRecordView& record, const FramePlace& frame) {
  headless_.erase(record.group);
  moving_.erase(record.group);
  if (record.replica == 0) {
    drop(record.group);
    return {};
  }
  GroupPlaces fresh;
  fresh.replica = record.replica;
  fresh.reset = record.reset;
  fresh.head = frame.sequence;
  const GroupPlaces* old = find(record.group);
  if (old && old->replica == record.replica) {
    fresh.hard_state = old->hard_state;
    fresh.head = old->head;  // where that hard state is
  }
  put(record.group, std::move(fresh));
  return {};
}

Result<void> JournalIndex::apply_moved(const JournalRecordView& record, const FramePlace& frame) {
  if (record.first_part) {
    GroupPlaces& fresh = moving_[record.group] = GroupPlaces{};
    fresh.replica = record.replica;
    fresh.reset = record.reset;
    fresh.hard_state = record.hard_state;
    fresh.head = frame.sequence;
  }
  const auto moving = moving_.find(record.group);
  if (moving == moving_.end()) {  // its first part lay in a segment that is gone
    if (!replaying_) return Error{name(record.group) + ": a move without its first part"};
    return apply_headless(record, frame);
  }
  auto appended = append(moving->second, record, frame, false);
  if (!appended || !record.last_part) return appended;
  GroupPlaces whole = std::move(moving->second);
  moving_.erase(moving);
  const GroupPlaces* old = find(record.group);
  const Index trimmed = old && old->replica == whole.replica ? old->reset.index : 0;
  headless_.erase(record.group);
  put(record.group, std::move(whole));
  trim(record.group, trimmed);  // it may have been trimmed while it was moved
  return {};
}

// `counted`: the group is one of those whose bytes are needed.
Result<void> JournalIndex::append(GroupPlaces& group, const JournalRecordView& record, const FramePlace& frame,
                                  bool counted) {
  if (record.entries.empty()) return {};
  const Index first = record.entries.front().index;
  if (first <= group.reset.index || first > group.last_index() + 1) {
    return Error{name(record.group) + ": entries from " + std::to_string(first) + " on do not fit a log from " +
                 std::to_string(group.reset.index) + " to " + std::to_string(group.last_index())};
  }
  for (; group.last_index() >= first; group.entries.pop_back()) {
    if (counted) needed_bytes_ -= bytes_of(group.entries.back());
  }
  for (const StoredEntryView& entry : record.entries) {
    if (entry.index != group.last_index() + 1 || entry.term < group.last_term()) {
      return Error{name(record.group) + ": entry " + std::to_string(entry.index) + " of term " +
                   std::to_string(entry.term) + " after " + std::to_string(group.last_index()) + " of term " +
                   std::to_string(group.last_term())};
    }
    const uint64_t offset = frame.offset + static_cast<uint64_t>(entry.data.data() - frame.begin);
    group.entries.push_back({frame.sequence, entry.term, static_cast<uint32_t>(offset),
                             static_cast<uint32_t>(entry.data.size()), entry.checksum, entry.kind});
    if (counted) needed_bytes_ += bytes_of(group.entries.back());
  }
  return {};
}

void JournalIndex::trim(GroupId group, Index upto) {
  const auto found = groups_.find(group);
  if (found == groups_.end()) return;
  GroupPlaces& places = found->second;
  while (!places.entries.empty() && places.reset.index < upto) {
    places.reset = {places.reset.index + 1, places.entries.front().term};
    needed_bytes_ -= bytes_of(places.entries.front());
    places.entries.pop_front();
  }
}

uint64_t JournalIndex::bytes_to_move(uint64_t sequence, uint64_t enough) const {
  uint64_t bytes = 0;
  for (const auto& [id, group] : groups_) {
    if (!group.has_entries_upto(sequence)) continue;
    for (auto entry = group.entries.begin(); entry != group.entries.end() && bytes < enough; ++entry) {
      bytes += bytes_of(*entry);
    }
  }
  return bytes;
}

void JournalIndex::put(GroupId id, GroupPlaces group) {
  drop(id);
  needed_bytes_ += bytes_of(group);
  groups_.emplace(id, std::move(group));
}

void JournalIndex::drop(GroupId id) {
  const auto found = groups_.find(id);
  if (found == groups_.end()) return;
  needed_bytes_ -= bytes_of(found->second);
  groups_.erase(found);
}

Result<void> JournalIndex::end_replay() {
  replaying_ = false;
  moving_.clear();
  if (headless_.empty()) return {};
  return Error{name(headless_.begin()->first) + " has records, but the Reset they stand on is missing"};
}

}  // namespace stoa
