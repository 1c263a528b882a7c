#include "storage/journal_index.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stoa {
namespace {

using testing::HasSubstr;

constexpr GroupId kGroup{2, 3};

struct JournalIndexTest : testing::Test {
  JournalIndex index;

  Result<void> apply(uint64_t sequence, const JournalRecord& record) {
    std::string bytes;
    write_record(bytes, record);
    return index.apply_all(bytes, {sequence, 4096, bytes.data()});
  }
  JournalRecord entry(Index i, Term term = 1) { return {kGroup, 8, Entries{{{i, term, 0, "data"}}}}; }
  JournalRecord reset() { return {kGroup, 8, Reset{0, 0}}; }
};

TEST_F(JournalIndexTest, KnowsWhereEachEntryLies) {
  ASSERT_TRUE(apply(1, reset()).ok());
  ASSERT_TRUE(apply(4, entry(1)).ok());
  const EntryPlace place = index.find(kGroup)->entries.front();
  EXPECT_EQ(place.sequence, 4u);
  EXPECT_EQ(place.offset, 4096u + 42u);
  EXPECT_EQ(place.length, 4u);
  EXPECT_EQ(index.find(kGroup)->head, 1u);
}

TEST_F(JournalIndexTest, PassesOverRecordsWithoutAResetOnlyIfAMoveFollows) {
  ASSERT_TRUE(apply(3, entry(5)).ok());
  EXPECT_EQ(index.find(kGroup), nullptr);
  EXPECT_THAT(index.end_replay().error().what, HasSubstr("group 2/3 has records, but the Reset"));

  JournalIndex moved;
  std::string bytes;
  write_record(bytes, entry(5));
  write_moved(bytes, {kGroup, 8, {4, 1}, {1, 2, 3}}, true, true, {{5, 1, 0, "data"}});
  ASSERT_TRUE(moved.apply_all(bytes, {3, 0, bytes.data()}).ok());
  EXPECT_TRUE(moved.end_replay().ok());
  EXPECT_EQ(moved.find(kGroup)->hard_state, (HardState{1, 2, 3}));
  EXPECT_EQ(moved.find(kGroup)->last_index(), 5u);
}

TEST_F(JournalIndexTest, RefusesThemOnceTheReplayHasEnded) {
  ASSERT_TRUE(index.end_replay().ok());
  EXPECT_THAT(apply(1, entry(1)).error().what, HasSubstr("its first record is not a Reset"));
}

TEST_F(JournalIndexTest, RefusesAHoleAndAFallingTerm) {
  ASSERT_TRUE(apply(1, reset()).ok());
  ASSERT_TRUE(apply(1, entry(1, 5)).ok());
  EXPECT_FALSE(apply(1, entry(3, 5)).ok());
  EXPECT_FALSE(apply(1, entry(0, 5)).ok());
  EXPECT_FALSE(apply(1, entry(2, 4)).ok());
  EXPECT_EQ(index.find(kGroup)->last_index(), 1u);
}

TEST_F(JournalIndexTest, CountsWhatIsNeeded) {
  ASSERT_TRUE(apply(1, reset()).ok());
  EXPECT_EQ(index.needed_bytes(), kMovedOverhead);
  for (Index i = 1; i <= 9; ++i) ASSERT_TRUE(apply(1, entry(i)).ok());
  EXPECT_EQ(index.needed_bytes(), kMovedOverhead + 9 * (kEntryOverhead + 4));
  ASSERT_TRUE(apply(1, entry(6, 2)).ok());
  EXPECT_EQ(index.needed_bytes(), kMovedOverhead + 6 * (kEntryOverhead + 4));
  index.trim(kGroup, 4);
  EXPECT_EQ(index.needed_bytes(), kMovedOverhead + 2 * (kEntryOverhead + 4));
  ASSERT_TRUE(apply(1, {kGroup, 0, Reset{}}).ok());
  EXPECT_EQ(index.needed_bytes(), 0u);
}

TEST_F(JournalIndexTest, AResetThatKeepsTheHardStateKeepsWhereItLies) {
  ASSERT_TRUE(apply(1, reset()).ok());
  ASSERT_TRUE(apply(2, {kGroup, 8, HardState{3, 4, 5}}).ok());
  ASSERT_TRUE(apply(6, {kGroup, 8, Reset{9, 3}}).ok());
  EXPECT_EQ(index.find(kGroup)->head, 1u);
  ASSERT_TRUE(apply(7, {kGroup, 99, Reset{9, 3}}).ok());
  EXPECT_EQ(index.find(kGroup)->head, 7u);
  EXPECT_EQ(index.find(kGroup)->hard_state, HardState{});
}

}  // namespace
}  // namespace stoa
