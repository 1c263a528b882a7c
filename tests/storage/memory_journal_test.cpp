#include "storage/memory_journal.hpp"

#include <gtest/gtest.h>
#include <set>

namespace stoa {
namespace {

constexpr GroupId kGroup{2, 3};

JournalRecord reset() { return {kGroup, 8, Reset{0, 0}}; }
JournalRecord entry(Index i) { return {kGroup, 8, Entries{{{i, 1, 0, "data"}}}}; }
JournalRecord commit(Index i) { return {kGroup, 8, HardState{1, 8, i}}; }

TEST(MemoryJournal, ATurnWhoseSyncWasCutMayBeThereOrNot) {
  bool there = false, lost = false;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    MemoryJournal journal;
    ASSERT_TRUE(journal.append({reset(), entry(1)}, true).ok());
    journal.cut_power_at(journal.operations() + 1);
    EXPECT_FALSE(journal.append({entry(2)}, true).ok());
    EXPECT_FALSE(journal.append({entry(3)}, true).ok()) << "there is no power any more";
    SeededRandom random(seed);
    journal.crash(random);
    const Index last = journal.recover(kGroup).value()->last_index();
    there = there || last == 2;
    lost = lost || last == 1;
    EXPECT_LE(last, 2u);
    EXPECT_TRUE(journal.append({entry(last + 1)}, true).ok());
  }
  EXPECT_TRUE(there && lost);
}

TEST(MemoryJournal, ATurnWhoseWriteWasCutIsTorn) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    MemoryJournal journal;
    ASSERT_TRUE(journal.append({reset(), entry(1)}, true).ok());
    journal.cut_power_at(journal.operations());
    EXPECT_FALSE(journal.append({entry(2)}, true).ok());
    SeededRandom random(seed);
    journal.crash(random);
    EXPECT_EQ(journal.recover(kGroup).value()->last_index(), 1u);
  }
}

TEST(MemoryJournal, AnyNumberOfUnsyncedTurnsSurvives) {
  std::set<Index> commits;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    MemoryJournal journal;
    ASSERT_TRUE(journal.append({reset(), commit(0)}, true).ok());
    for (Index i = 1; i <= 3; ++i) ASSERT_TRUE(journal.append({commit(i)}, false).ok());
    SeededRandom random(seed);
    journal.crash(random);
    commits.insert(journal.recover(kGroup).value()->hard_state.commit);
  }
  EXPECT_EQ(commits, (std::set<Index>{0, 1, 2, 3}));
}

TEST(MemoryJournal, ACrashForgetsATrim) {
  MemoryJournal journal;
  ASSERT_TRUE(journal.append({reset(), entry(1)}, true).ok());
  ASSERT_TRUE(journal.append({entry(2)}, true).ok());
  journal.trim(kGroup, 1);
  SeededRandom random(1);
  journal.crash(random);
  EXPECT_EQ(journal.recover(kGroup).value()->entries.size(), 2u);
}

}  // namespace
}  // namespace stoa
