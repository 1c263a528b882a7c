// Failing disks, full disks, and making room.
#include "storage/file_journal.hpp"

#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "tests/storage/journal_kinds.hpp"
#include "tests/storage/journal_script.hpp"

namespace stoa {
namespace {

using testing::HasSubstr;

constexpr GroupId kQuiet{1, 0};
constexpr GroupId kBusy{2, 0};

JournalRecord reset(GroupId group) { return {group, 9, Reset{0, 0}}; }
JournalRecord entry(GroupId group, Index index, size_t bytes = 100) {
  return {group, 9, Entries{{{index, 1, 0, std::string(bytes, static_cast<char>('a' + index % 26))}}}};
}

TEST(FileJournal, EveryFailureOfTheDiskStopsItAndLosesNothingThatWasAnswered) {
  const JournalScript script(4, 90);
  FileKind whole;
  Journal* uncut = whole.open().value();
  const uint64_t begin = whole.operations();
  script.run(*uncut);
  for (const DiskFault fault : {DiskFault::kError, DiskFault::kShortWrite}) {
    for (uint64_t at = begin; at < whole.operations(); ++at) {
      FileKind kind;
      Journal* journal = kind.open().value();
      kind.disk.fail_at(at, fault);
      const auto [answered, durable] = script.run(*journal);
      ASSERT_LT(answered, script.turn.size());
      EXPECT_FALSE(journal->append({reset(kBusy)}, true).ok()) << "it does not try again";
      kind.kill();
      auto opened = kind.open();
      ASSERT_TRUE(opened.ok()) << "failed at " << at << ": " << opened.error().what;
      script.expect_one_of(durable, answered + 1, **opened, at);
      SeededRandom random(at);
      kind.crash(random);
      opened = kind.open();
      ASSERT_TRUE(opened.ok()) << "failed at " << at << ": " << opened.error().what;
      script.expect_one_of(durable, answered + 1, **opened, at);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(FileJournal, AQuietGroupsVoteIsNeverLostAndPinsNothing) {
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

TEST(FileJournal, GrowsWhileMoreIsNeededAndKeepsAllOfIt) {
  FileKind kind;
  Journal* journal = kind.open().value();
  ASSERT_TRUE(journal->append({reset(kBusy)}, true).ok());
  for (Index i = 1; i <= 300; ++i) ASSERT_TRUE(journal->append({entry(kBusy, i, 3000)}, true).ok());
  SeededRandom random(1);
  kind.crash(random);
  EXPECT_EQ(kind.open().value()->recover(kBusy).value()->entries.size(), 300u);
}

// A log that is larger than one part of a move, moved again and again, with the power cut everywhere.
TEST(FileJournal, MovesALargeLogWholeOrNotAtAll) {
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

TEST(FileJournal, StopsWhenTheDiskIsNearlyFull) {
  FileKind kind;
  kind.options.min_free_bytes = 1 << 20;
  kind.disk.set_free_bytes(1 << 20);
  EXPECT_THAT(kind.open().error().what, HasSubstr("no room for a segment"));
  kind.disk.set_free_bytes(2 << 20);
  Journal* journal = kind.open().value();
  ASSERT_TRUE(journal->append({reset(kBusy)}, true).ok());
  kind.disk.set_free_bytes((1 << 20) - 1);
  Result<void> done;
  for (Index i = 1; i <= 50 && done; ++i) done = journal->append({entry(kBusy, i)}, true);
  ASSERT_FALSE(done.ok());
  EXPECT_THAT(done.error().what, HasSubstr("bytes are free on the disk"));
}

TEST(FileJournal, RefusesATurnThatNoSegmentTakes) {
  FileKind kind;
  Journal* journal = kind.open().value();
  ASSERT_TRUE(
      journal->append({reset(kBusy), entry(kBusy, 1, kind.options.segment_bytes - 3 * kJournalBlock)}, true).ok());
  for (Index i = 2; i < 50; ++i) ASSERT_TRUE(journal->append({entry(kBusy, i)}, true).ok());
  EXPECT_EQ(journal->recover(kBusy).value()->entries.size(), 49u) << "and the largest was moved";
  const auto done = journal->append({entry(kBusy, 50, kind.options.segment_bytes)}, true);
  ASSERT_FALSE(done.ok());
  EXPECT_THAT(done.error().what, HasSubstr("larger than a segment takes"));
}

TEST(FileJournal, FindsDamageWhenAnEntryIsRead) {
  FileKind kind;
  Journal* journal = kind.open().value();
  ASSERT_TRUE(journal->append({reset(kBusy), entry(kBusy, 1), entry(kBusy, 2)}, true).ok());
  for (const std::string& name : kind.disk.list().value()) {
    const size_t at = kind.disk.content(name).find(std::string(100, 'c'));
    if (at != std::string::npos) kind.disk.flip_bit(name, at * 8);
  }
  EXPECT_TRUE(journal->read(kBusy, 1, 2, 1000).ok());
  const auto damaged = journal->read(kBusy, 1, 3, 1000);
  ASSERT_FALSE(damaged.ok());
  EXPECT_THAT(damaged.error().what, HasSubstr("does not match its checksum"));
}

TEST(FileJournal, ReadersSeeWholeEntriesWhileSegmentsAreRecycled) {
  FileKind kind;
  Journal* journal = kind.open().value();
  ASSERT_TRUE(journal->append({reset(kQuiet), reset(kBusy), entry(kQuiet, 1, 3000)}, true).ok());
  std::atomic<bool> stop{false};
  std::thread reader([&] {
    while (!stop) {
      const auto read = journal->read(kQuiet, 1, 2, 1000);
      ASSERT_TRUE(read.ok()) << read.error().what;
      ASSERT_EQ(read->front().data, std::string(3000, 'b'));
    }
  });
  for (Index i = 1; i <= 3000; ++i) {
    const auto done = journal->append({entry(kBusy, i)}, true);
    ASSERT_TRUE(done.ok());
    journal->trim(kBusy, i);
  }
  stop = true;
  reader.join();
}

}  // namespace
}  // namespace stoa
