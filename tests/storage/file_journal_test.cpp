// Failing disks, full disks, turns that are too large.
#include "storage/file_journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/journal_kinds.hpp"
#include "tests/storage/journal_script.hpp"

namespace stoa {
namespace {

using testing::HasSubstr;

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

// A log that is larger than one part of a move, moved again and again, with the power cut everywhere.
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

}  // namespace
}  // namespace stoa
