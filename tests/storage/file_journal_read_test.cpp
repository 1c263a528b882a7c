// What is read is checked, also while segments are recycled beneath the reader.
#include <atomic>
#include <functional>
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

// A disk of which each write and read is told to the test before it happens.
class WatchedDisk final : public Disk {
 public:
  std::function<void()> before_write = [] {};
  std::atomic<int> reads{0};

  Result<std::vector<std::string>> list() const override { return disk_.list(); }
  Result<std::unique_ptr<File>> open(const std::string& name) override { return watch(disk_.open(name)); }
  Result<std::unique_ptr<File>> create(const std::string& name, uint64_t size) override {
    return watch(disk_.create(name, size));
  }
  Result<void> rename(const std::string& from, const std::string& to) override { return disk_.rename(from, to); }
  Result<void> remove(const std::string& name) override { return disk_.remove(name); }
  Result<void> sync_names() override { return disk_.sync_names(); }
  Result<uint64_t> free_bytes() const override { return disk_.free_bytes(); }

 private:
  struct Watched final : File {
    Watched(WatchedDisk& to, std::unique_ptr<File> real) : disk(to), file(std::move(real)) {}
    uint64_t size() const override { return file->size(); }
    Result<void> write(uint64_t offset, std::string_view data) override {
      disk.before_write();
      return file->write(offset, data);
    }
    Result<std::string> read(uint64_t offset, size_t bytes) const override {
      auto result = file->read(offset, bytes);
      ++disk.reads;
      return result;
    }
    Result<void> sync() override { return file->sync(); }
    WatchedDisk& disk;
    const std::unique_ptr<File> file;
  };
  Result<std::unique_ptr<File>> watch(Result<std::unique_ptr<File>> file) {
    return std::unique_ptr<File>(new Watched(*this, std::move(file).value()));
  }
  MemoryDisk disk_;
};

TEST(FileJournalRead, WaitsForWhatIsBeingWritten) {
  WatchedDisk disk;
  const auto journal = FileJournal::open(disk, {64 << 10, 3, 0}).value();
  ASSERT_TRUE(journal->append({reset(kBusy)}, true).ok());
  std::thread reader;
  disk.before_write = [&] {
    const int before = disk.reads;
    reader = std::thread([&] {
      const auto read = journal->read(kBusy, 1, 2, 1000);
      EXPECT_TRUE(read.ok()) << read.error().what;
    });
    while (disk.reads == before) std::this_thread::yield();  // it has seen what was there before the write
  };
  ASSERT_TRUE(journal->append({entry(kBusy, 1)}, true).ok());
  reader.join();
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
