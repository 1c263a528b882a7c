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
  Result<void> apply_base(uint64_t sequence, Reset at, Index last) {
    std::string bytes;
    write_base(bytes, {kGroup, 8, at, {1, 2, 3}}, last);
    return index.apply_all(bytes, {sequence, 0, bytes.data()});
  }
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

TEST_F(JournalIndexTest, ABaseMakesALogOfWhatIsLeftOfIt) {
  for (Index i = 5; i <= 9; ++i) ASSERT_TRUE(apply(3, entry(i)).ok());
  ASSERT_TRUE(apply(4, entry(8, 2)).ok());
  ASSERT_TRUE(apply(4, {kGroup, 7, Entries{{{70, 1, 0, "of another life"}}}}).ok());
  ASSERT_TRUE(apply_base(5, {6, 1}, 8).ok());
  ASSERT_TRUE(apply(6, entry(9, 2)).ok());
  ASSERT_TRUE(index.end_replay().ok());
  const GroupPlaces& log = *index.find(kGroup);
  EXPECT_EQ(log.replica, 8u);
  EXPECT_EQ(log.reset, (Reset{6, 1}));
  EXPECT_EQ(log.hard_state, (HardState{1, 2, 3}));
  EXPECT_EQ(log.head, 3u) << "a replay needs the entry behind the base";
  ASSERT_EQ(log.entries.size(), 3u);
  EXPECT_EQ(log.entries[0].sequence, 3u);
  EXPECT_EQ(log.entries[1].sequence, 4u);
  EXPECT_EQ(log.entries[2].sequence, 6u);
  EXPECT_EQ(index.needed_bytes(), kMovedOverhead + 3 * (kEntryOverhead + 4));
}

TEST_F(JournalIndexTest, ABaseNeedsNoEntries) {
  ASSERT_TRUE(apply(4, entry(6)).ok());
  ASSERT_TRUE(apply_base(5, {6, 1}, 6).ok());
  ASSERT_TRUE(apply(6, entry(7)).ok());
  ASSERT_TRUE(index.end_replay().ok());
  EXPECT_EQ(index.find(kGroup)->last_index(), 7u);
}

TEST_F(JournalIndexTest, ABaseTrimsALogThatIsKnown) {
  ASSERT_TRUE(apply(1, reset()).ok());
  for (Index i = 1; i <= 4; ++i) ASSERT_TRUE(apply(2, entry(i)).ok());
  ASSERT_TRUE(apply_base(3, {2, 1}, 4).ok());
  EXPECT_EQ(index.find(kGroup)->head, 2u);
  EXPECT_EQ(index.find(kGroup)->entries.size(), 2u);
  EXPECT_FALSE(index.find(kGroup)->has_entries_upto(1));
  EXPECT_TRUE(index.find(kGroup)->has_entries_upto(2));
}

TEST_F(JournalIndexTest, PassesOverABaseWhoseEntriesAreMissingOnlyIfAnotherFollows) {
  for (const Index first : {8, 9}) {
    JournalIndex after;
    std::string bytes;
    if (first == 8) write_record(bytes, entry(8));
    write_base(bytes, {kGroup, 8, {6, 1}, {1, 2, 3}}, 8);
    write_record(bytes, entry(9));
    const std::string superseded = bytes;
    write_base(bytes, {kGroup, 8, {8, 1}, {4, 5, 6}}, 9);
    ASSERT_TRUE(after.apply_all(bytes, {3, 0, bytes.data()}).ok());
    EXPECT_TRUE(after.end_replay().ok());
    EXPECT_EQ(after.find(kGroup)->hard_state, (HardState{4, 5, 6}));
    EXPECT_EQ(after.find(kGroup)->entries.size(), 1u);

    JournalIndex damaged;
    ASSERT_TRUE(damaged.apply_all(superseded, {3, 0, superseded.data()}).ok());
    EXPECT_THAT(damaged.end_replay().error().what, HasSubstr("group 2/3 has records, but the Reset"));
  }
}

TEST_F(JournalIndexTest, WhatIsMissingBeforeABaseIsOfNoAccount) {
  ASSERT_TRUE(apply(3, entry(2)).ok());
  ASSERT_TRUE(apply(3, entry(8)).ok());  // what lay between was moved, by a move that a crash cut off
  ASSERT_TRUE(apply_base(5, {7, 1}, 8).ok());
  EXPECT_EQ(index.find(kGroup)->entries.size(), 1u);
}

TEST_F(JournalIndexTest, ABaseStandsOnTheLastPartsOfAMoveWhoseFirstIsGone) {
  std::string bytes;
  write_moved(bytes, {kGroup, 8, {4, 1}, {}}, false, false, {{5, 1, 0, "data"}, {6, 1, 0, "data"}});
  write_moved(bytes, {kGroup, 8, {4, 1}, {}}, false, true, {{7, 1, 0, "data"}});
  ASSERT_TRUE(index.apply_all(bytes, {3, 0, bytes.data()}).ok());
  EXPECT_EQ(index.find(kGroup), nullptr);
  ASSERT_TRUE(apply_base(5, {5, 1}, 7).ok());
  EXPECT_EQ(index.find(kGroup)->entries.size(), 2u);
}

TEST_F(JournalIndexTest, CountsWhatAMoveWouldWriteUntilItIsEnough) {
  ASSERT_TRUE(apply(1, reset()).ok());
  for (Index i = 1; i <= 4; ++i) ASSERT_TRUE(apply(2, entry(i)).ok());
  EXPECT_EQ(index.bytes_to_move(1, 1000), 0u);
  EXPECT_EQ(index.bytes_to_move(2, 1000), 4 * (kEntryOverhead + 4));
  EXPECT_EQ(index.bytes_to_move(2, 30), 2 * (kEntryOverhead + 4));
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
