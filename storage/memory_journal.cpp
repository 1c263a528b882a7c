#include "storage/memory_journal.hpp"

#include <algorithm>
#include <string>

namespace stoa {
namespace {

const Error kNoPower{"journal: the power was cut"};

void apply(GroupLog& log, const Entries& body) {
  if (body.entries.empty()) return;
  const Index first = body.entries.front().index;
  STOA_CHECK(first > log.reset.index && first <= log.last_index() + 1, "a group's log has no hole");
  log.entries.resize(first - log.reset.index - 1);
  for (const LogEntry& entry : body.entries) {
    const Term term = log.entries.empty() ? log.reset.term : log.entries.back().term;
    STOA_CHECK(entry.index == log.last_index() + 1 && entry.term >= term, "indexes follow one another, terms rise");
    log.entries.push_back(entry);
  }
}

void apply(std::map<GroupId, GroupLog>& logs, const JournalRecord& record) {
  auto found = logs.find(record.group);
  if (const Reset* reset = std::get_if<Reset>(&record.body)) {
    if (record.replica == 0) {
      if (found != logs.end()) logs.erase(found);
      return;
    }
    GroupLog& log = logs[record.group];
    if (log.replica != record.replica) log.hard_state = HardState{};
    log.replica = record.replica;
    log.reset = *reset;
    log.entries.clear();
    return;
  }
  STOA_CHECK(found != logs.end(), "a group's first record is a Reset");
  if (found->second.replica != record.replica) return;
  if (const HardState* state = std::get_if<HardState>(&record.body)) {
    found->second.hard_state = *state;
  } else {
    apply(found->second, std::get<Entries>(record.body));
  }
}

void trim_log(std::map<GroupId, GroupLog>& logs, GroupId group, Index upto) {
  const auto found = logs.find(group);
  if (found == logs.end() || upto <= found->second.reset.index || found->second.entries.empty()) return;
  GroupLog& log = found->second;
  const size_t count = std::min<size_t>(upto - log.reset.index, log.entries.size());
  log.reset = {log.entries[count - 1].index, log.entries[count - 1].term};
  log.entries.erase(log.entries.begin(), log.entries.begin() + static_cast<ptrdiff_t>(count));
}

bool holds_more_than_hard_states(const std::vector<JournalRecord>& turn) {
  return std::any_of(turn.begin(), turn.end(),
                     [](const JournalRecord& r) { return !std::holds_alternative<HardState>(r.body); });
}

}  // namespace

Result<void> MemoryJournal::append(const std::vector<JournalRecord>& turn, bool sync) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!power()) return kNoPower;
  ++operations_;
  for (const JournalRecord& record : turn) apply(logs_, record);
  unsynced_.push_back(turn);
  if (!sync && !holds_more_than_hard_states(turn)) return {};
  if (!power()) return kNoPower;
  ++operations_;
  // Before the turns: a trim speaks of entries that were synced by then, not of what a later Reset brings.
  for (const auto& [group, upto] : forgettable_trims_) trim_log(synced_, group, upto);
  forgettable_trims_.clear();
  settle(unsynced_.size());
  return {};
}

// Makes the first turns of the unsynced ones durable.
void MemoryJournal::settle(size_t turns) {
  for (size_t i = 0; i < turns; ++i) {
    for (const JournalRecord& record : unsynced_[i]) apply(synced_, record);
  }
  unsynced_.erase(unsynced_.begin(), unsynced_.begin() + static_cast<ptrdiff_t>(turns));
}

std::vector<GroupId> MemoryJournal::groups() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<GroupId> out;
  for (const auto& [group, log] : logs_) out.push_back(group);
  return out;
}

Result<std::optional<GroupLog>> MemoryJournal::recover(GroupId group) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = logs_.find(group);
  if (found == logs_.end()) return std::optional<GroupLog>();
  return std::optional<GroupLog>(found->second);
}

Result<std::vector<LogEntry>> MemoryJournal::read(GroupId group, Index from, Index to, size_t max_bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<LogEntry> out;
  if (from >= to) return out;
  const auto found = logs_.find(group);
  if (found == logs_.end() || from <= found->second.reset.index || to > found->second.last_index() + 1) {
    return Error{"journal: entries " + std::to_string(from) + " to " + std::to_string(to) + " are not in the log"};
  }
  size_t bytes = 0;
  for (Index i = from; i < to; ++i) {
    const LogEntry& entry = found->second.entries[i - found->second.reset.index - 1];
    bytes += entry.data.size();
    if (!out.empty() && bytes > max_bytes) break;
    out.push_back(entry);
  }
  return out;
}

void MemoryJournal::trim(GroupId group, Index upto) {
  const std::lock_guard<std::mutex> lock(mutex_);
  trim_log(logs_, group, upto);
  forgettable_trims_.emplace_back(group, upto);
}

void MemoryJournal::crash(Random& random) {
  const std::lock_guard<std::mutex> lock(mutex_);
  settle(random.below(unsynced_.size() + 1));
  unsynced_.clear();
  forgettable_trims_.clear();
  logs_ = synced_;
  cut_at_.reset();
}

uint64_t MemoryJournal::operations() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return operations_;
}

void MemoryJournal::cut_power_at(uint64_t operation) {
  const std::lock_guard<std::mutex> lock(mutex_);
  cut_at_ = operation;
}

}  // namespace stoa
