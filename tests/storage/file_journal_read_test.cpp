// What is read is checked, also while segments are recycled beneath the reader.
#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "storage/file_journal.hpp"
#include "tests/storage/journal_kinds.hpp"

namespace stoa {
namespace {

using testing::HasSubstr;

constexpr GroupId kQuiet{1, 0};
constexpr GroupId kBusy{2, 0};

JournalRecord reset(GroupId group) { return {group, 9, Reset{0, 0}}; }
JournalRecord entry(GroupId group, Index index, size_t bytes = 100) {
  return {group, 9, Entries{{{index, 1, 0, std::string(bytes, static_cast<char>('a' + index % 26))}}}};
}

TEST(FileJournalRead, FindsDamageWhenAnEntryIsRead) {
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

TEST(FileJournalRead, ReadersSeeWholeEntriesWhileSegmentsAreRecycled) {
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
