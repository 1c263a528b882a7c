// Making room: what is still needed is written again, whole, before its segment is overwritten.
#include <gtest/gtest.h>

#include "storage/file_journal.hpp"
#include "tests/storage/journal_kinds.hpp"

namespace stoa {
namespace {

constexpr GroupId kQuiet{1, 0};
constexpr GroupId kBusy{2, 0};

JournalRecord reset(GroupId group) { return {group, 9, Reset{0, 0}}; }
JournalRecord entry(GroupId group, Index index, size_t bytes = 100) {
  return {group, 9, Entries{{{index, 1, 0, std::string(bytes, static_cast<char>('a' + index % 26))}}}};
}

TEST(FileJournalRecycle, AQuietGroupsVoteIsNeverLostAndPinsNothing) {
  FileKind kind;
  Journal* journal = kind.open().value();
  ASSERT_TRUE(
      journal->append({reset(kQuiet), entry(kQuiet, 1), {kQuiet, 9, HardState{5, 7, 0}}, reset(kBusy)}, true).ok());
  for (Index i = 1; i <= 500; ++i) {
    ASSERT_TRUE(journal->append({entry(kBusy, i)}, true).ok());
    journal->trim(kBusy, i);
  }
  EXPECT_LE(kind.disk.list().value().size(), 4u) << "segments are used again";
  SeededRandom random(1);
  kind.crash(random);
  journal = kind.open().value();
  const GroupLog quiet = **journal->recover(kQuiet);
  EXPECT_EQ(quiet.hard_state, (HardState{5, 7, 0}));
  EXPECT_EQ(quiet.entries.size(), 1u);
  EXPECT_EQ(journal->recover(kBusy).value()->last_index(), 500u);
  EXPECT_LT(journal->recover(kBusy).value()->entries.size(), 100u);
}

TEST(FileJournalRecycle, GrowsWhileMoreIsNeededAndKeepsAllOfIt) {
  FileKind kind;
  Journal* journal = kind.open().value();
  ASSERT_TRUE(journal->append({reset(kBusy)}, true).ok());
  for (Index i = 1; i <= 300; ++i) ASSERT_TRUE(journal->append({entry(kBusy, i, 3000)}, true).ok());
  SeededRandom random(1);
  kind.crash(random);
  EXPECT_EQ(kind.open().value()->recover(kBusy).value()->entries.size(), 300u);
}

TEST(FileJournalRecycle, MovesALargeLogWholeOrNotAtAll) {
  const auto run = [](Journal& journal) {
    Index answered = 0;
    if (!journal.append({reset(kQuiet), reset(kBusy), {kQuiet, 9, HardState{3, 2, 0}}}, true)) return answered;
    for (Index i = 1; i <= 16; ++i) {
      if (!journal.append({entry(kQuiet, i, 3000)}, true)) return answered;
      answered = i;
    }
    for (Index i = 1; i <= 60; ++i) {
      if (!journal.append({entry(kBusy, i)}, true)) return answered;
      journal.trim(kBusy, i);
    }
    return answered;
  };
  FileKind whole;
  Journal* uncut = whole.open().value();
  const uint64_t begin = whole.operations();
  ASSERT_EQ(run(*uncut), 16u);
  for (uint64_t cut = begin; cut < whole.operations(); ++cut) {
    FileKind kind;
    Journal* journal = kind.open().value();
    kind.cut_power_at(cut);
    const Index answered = run(*journal);
    SeededRandom random(cut);
    kind.crash(random);
    auto opened = kind.open();
    ASSERT_TRUE(opened.ok()) << "cut at " << cut << ": " << opened.error().what;
    const auto log = (*opened)->recover(kQuiet).value();
    if (!log && answered == 0) continue;
    ASSERT_TRUE(log.has_value());
    EXPECT_EQ(log->hard_state, (HardState{3, 2, 0}));
    ASSERT_GE(log->entries.size(), answered) << "cut at " << cut;
    for (const LogEntry& e : log->entries) EXPECT_EQ(e.data, std::string(3000, static_cast<char>('a' + e.index % 26)));
  }
}

// Many laps round the segments, each lap with a part of the log that is still needed.
TEST(FileJournalRecycle, ALogThatIsTrimmedInTimeIsNotCopiedAndIsThereWhereverThePowerIsCut) {
  constexpr Index kLag = 6;
  const auto run = [](Journal& journal) {
    Index answered = 0;
    if (!journal.append({reset(kQuiet), entry(kQuiet, 1), reset(kBusy)}, true)) return answered;
    if (!journal.append({{kBusy, 9, HardState{1, 4, 0}}, {kQuiet, 9, HardState{2, 5, 0}}}, true)) return answered;
    for (Index i = 1; i <= 120; ++i) {
      if (!journal.append({entry(kBusy, i, 3000)}, true)) return answered;
      answered = i;
      if (i > kLag) journal.trim(kBusy, i - kLag);
    }
    return answered;
  };
  FileKind whole;
  Journal* uncut = whole.open().value();
  const uint64_t begin = whole.operations();
  ASSERT_EQ(run(*uncut), 120u);
  EXPECT_LE(whole.disk.list().value().size(), 4u);
  // A turn writes and syncs; a lap costs a header, and a frame that says what the logs stand on, likewise.
  EXPECT_LE(whole.operations() - begin, 2 * (122 + 2 * 122 / 14 + 2));
  for (uint64_t cut = begin; cut < whole.operations(); ++cut) {
    FileKind kind;
    Journal* journal = kind.open().value();
    kind.cut_power_at(cut);
    const Index answered = run(*journal);
    SeededRandom random(cut);
    kind.crash(random);
    auto opened = kind.open();
    ASSERT_TRUE(opened.ok()) << "cut at " << cut << ": " << opened.error().what;
    if (answered == 0) continue;
    const auto log = (*opened)->recover(kBusy).value();
    ASSERT_TRUE(log.has_value());
    EXPECT_EQ(log->hard_state, (HardState{1, 4, 0}));
    ASSERT_GE(log->last_index(), answered) << "cut at " << cut;
    ASSERT_LE(log->reset.index + kLag, std::max(log->last_index(), kLag)) << "cut at " << cut;
    for (const LogEntry& e : log->entries) ASSERT_EQ(e.data, std::string(3000, static_cast<char>('a' + e.index % 26)));
    EXPECT_EQ((*opened)->recover(kQuiet).value()->hard_state, (HardState{2, 5, 0}));
    EXPECT_EQ((*opened)->recover(kQuiet).value()->entries.size(), 1u);
  }
}

TEST(FileJournalRecycle, WhatIsTrimmedWhileItIsMovedStaysTrimmed) {
  JournalIndex index;
  std::string turn;
  write_record(turn, reset(kBusy));
  write_record(turn, {kBusy, 9, Entries{{{1, 1, 0, "a"}, {2, 1, 0, "b"}, {3, 2, 0, "c"}}}});
  ASSERT_TRUE(index.apply_all(turn, {1, 0, turn.data()}).ok());
  ASSERT_TRUE(index.end_replay().ok());
  std::string first, last;
  write_moved(first, {kBusy, 9, {0, 0}, {}}, true, false, {{1, 1, 0, "a"}, {2, 1, 0, "b"}});
  write_moved(last, {kBusy, 9, {0, 0}, {}}, false, true, {{3, 2, 0, "c"}});
  ASSERT_TRUE(index.apply_all(first, {2, 0, first.data()}).ok());
  EXPECT_EQ(index.find(kBusy)->entries.front().sequence, 1u) << "not before the last part";
  index.trim(kBusy, 2);
  ASSERT_TRUE(index.apply_all(last, {3, 0, last.data()}).ok());
  EXPECT_EQ(index.find(kBusy)->reset, (Reset{2, 1}));
  EXPECT_EQ(index.find(kBusy)->entries.size(), 1u);
  EXPECT_EQ(index.find(kBusy)->head, 2u) << "the first part is needed too";
  index.trim(kBusy, 3);
  EXPECT_EQ(index.needed_bytes(), kMovedOverhead);
}

}  // namespace
}  // namespace stoa
