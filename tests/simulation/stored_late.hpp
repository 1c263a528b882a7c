// The journal that a simulated process writes: the machine's, or, as a planted fault, one that says "stored" while the
// last turns are not there yet, so that a crash takes what was synced.
#pragma once

#include <deque>
#include <vector>

#include "storage/memory_journal.hpp"
#include "tests/simulation/plant.hpp"

namespace stoa::whole {

class StoredLate final : public Journal {
 public:
  StoredLate(bool late, MemoryJournal& journal) : late_(late), journal_(journal) {}

  Result<void> append(const std::vector<JournalRecord>& turn, bool sync) override {
    if (late_) history_.push_back({turn, {}, 0});
    return journal_.append(turn, sync);
  }
  std::vector<GroupId> groups() const override { return journal_.groups(); }
  Result<std::optional<GroupLog>> recover(GroupId group) override { return journal_.recover(group); }
  Result<std::vector<LogEntry>> read(GroupId group, Index from, Index to, size_t max_bytes) override {
    return journal_.read(group, from, to, max_bytes);
  }
  void trim(GroupId group, Index upto) override {
    if (late_) history_.push_back({{}, group, upto});
    journal_.trim(group, upto);
  }

  // After a crash of the journal itself: all but the last turns are written anew.
  void crash(Random& random);

 private:
  static constexpr uint64_t kMostLate = 40;
  struct Step {
    std::vector<JournalRecord> turn;
    GroupId trimmed;
    Index upto = 0;
  };

  const bool late_;
  MemoryJournal& journal_;
  std::deque<Step> history_;
};

}  // namespace stoa::whole
