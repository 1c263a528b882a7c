// What a journal promises, as plainly as it can be said: the records of all turns, applied one after another.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "storage/journal.hpp"

namespace stoa {

class JournalModel {
 public:
  struct Group {
    ReplicaId replica = 0;
    Reset reset;
    HardState hard_state;
    std::vector<LogEntry> entries;  // all since the Reset, trimmed or not
    Index trimmed = 0;

    Index last_index() const { return reset.index + entries.size(); }
    Term last_term() const { return entries.empty() ? reset.term : entries.back().term; }
    Index first_needed() const { return std::max(trimmed, reset.index) + 1; }
  };

  void apply(const std::vector<JournalRecord>& turn) {
    for (const JournalRecord& record : turn) apply(record);
  }
  void apply(const JournalRecord& record) {
    if (const Reset* reset = std::get_if<Reset>(&record.body)) {
      const HardState kept =
          groups[record.group].replica == record.replica ? groups[record.group].hard_state : HardState{};
      groups[record.group] = Group{record.replica, *reset, kept, {}, 0};
      if (record.replica == 0) groups.erase(record.group);
      return;
    }
    Group& group = groups.at(record.group);
    if (group.replica != record.replica) return;
    if (const HardState* state = std::get_if<HardState>(&record.body)) {
      group.hard_state = *state;
      return;
    }
    const auto& entries = std::get<Entries>(record.body).entries;
    group.entries.resize(entries.front().index - group.reset.index - 1);
    group.entries.insert(group.entries.end(), entries.begin(), entries.end());
  }
  void trim(GroupId id, Index upto) {
    const auto found = groups.find(id);
    if (found == groups.end()) return;
    Group& group = found->second;
    group.trimmed = std::max(group.trimmed, std::min(upto, group.last_index()));
  }

  // Empty if the journal holds this; otherwise what differs. It may hold more than what is left after the trims.
  std::string difference(Journal& journal) const {
    if (journal.groups().size() != groups.size()) return "other groups";
    for (const auto& [id, group] : groups) {
      const auto found = journal.recover(id);
      if (!found) return found.error().what;
      if (!*found) return "a group is missing";
      const std::string differs = difference(group, **found);
      if (!differs.empty()) return "group " + std::to_string(id.service) + ": " + differs;
    }
    return {};
  }

  std::map<GroupId, Group> groups;

 private:
  static std::string difference(const Group& group, const GroupLog& log) {
    if (log.replica != group.replica) return "another replica id";
    if (log.hard_state != group.hard_state) return "another hard state";
    if (log.last_index() != group.last_index()) {
      return "it ends at " + std::to_string(log.last_index()) + ", not " + std::to_string(group.last_index());
    }
    if (log.reset.index < group.reset.index) return "it begins before its Reset";
    if (log.reset.index + 1 > group.first_needed()) return "entries that are needed are missing";
    const size_t missing = log.reset.index - group.reset.index;
    const Term term = missing == 0 ? group.reset.term : group.entries[missing - 1].term;
    if (log.reset.term != term) return "another term before its first entry";
    const std::vector<LogEntry> rest(group.entries.begin() + static_cast<ptrdiff_t>(missing), group.entries.end());
    return rest == log.entries ? "" : "other entries";
  }
};

// Makes turns that keep the rules of storage/journal.hpp, out of a seed.
class JournalTurns {
 public:
  explicit JournalTurns(Random& random) : random_(random) {}

  std::vector<JournalRecord> next(const JournalModel& model) {
    JournalModel after = model;
    std::vector<JournalRecord> turn;
    for (uint64_t i = 1 + random_.below(4); i > 0; --i) {
      turn.push_back(record(after));
      after.apply(turn.back());
    }
    return turn;
  }
  // A commit index alone, as it is appended without sync.
  std::vector<JournalRecord> next_commit(const JournalModel& model) {
    if (model.groups.empty()) return next(model);
    auto at = model.groups.begin();
    std::advance(at, static_cast<ptrdiff_t>(random_.below(model.groups.size())));
    HardState state = at->second.hard_state;
    state.commit = at->second.last_index();
    return {{at->first, at->second.replica, state}};
  }

 private:
  JournalRecord record(const JournalModel& model) {
    const GroupId id{static_cast<uint16_t>(1 + random_.below(4)), 0};
    const auto found = model.groups.find(id);
    if (found == model.groups.end()) return {id, 1 + random_.below(100), Reset{random_.below(10), 1}};
    const JournalModel::Group& group = found->second;
    switch (random_.below(20)) {
      case 0:
        return {id, group.replica, Reset{group.last_index() + random_.below(5), group.last_term()}};
      case 1:
        return {id, group.replica + 1, Reset{group.last_index(), group.last_term()}};
      case 2:
        return random_.below(4) == 0 ? JournalRecord{id, 0, Reset{}} : stale(id, group);
      case 3:
      case 4:
      case 5:
        return {id, group.replica,
                HardState{group.last_term() + random_.below(3), random_.below(5), group.last_index()}};
      default:
        return {id, group.replica, entries(group)};
    }
  }
  static JournalRecord stale(GroupId id, const JournalModel::Group& group) {
    return {id, group.replica + 1000, Entries{{{99999, 7, 0, "of another life"}}}};
  }
  Entries entries(const JournalModel::Group& group) {
    const bool replaces = random_.below(6) == 0;
    const Index first = replaces ? group.first_needed() + random_.below(group.last_index() + 2 - group.first_needed())
                                 : group.last_index() + 1;
    Entries out;
    const Term term = group.last_term() + random_.below(2);
    for (uint64_t i = 0, count = 1 + random_.below(4); i < count; ++i) {
      out.entries.push_back(
          {first + i, term, static_cast<uint8_t>(random_.below(2)),
           std::string(random_.below(random_.below(8) == 0 ? 6000 : 90), static_cast<char>(random_.u64()))});
    }
    return out;
  }

  Random& random_;
};

}  // namespace stoa
