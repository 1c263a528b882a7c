#include "storage/posix_disk.hpp"

#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "storage/file_journal.hpp"

namespace stoa {
namespace {

struct PosixDiskTest : testing::Test {
  PosixDiskTest() {
    std::string pattern = testing::TempDir() + "posix_disk_XXXXXX";
    path = ::mkdtemp(pattern.data());
  }
  ~PosixDiskTest() override { std::filesystem::remove_all(path); }
  std::string path;
};

TEST_F(PosixDiskTest, WritesInPlaceAndReadsBack) {
  const auto disk = PosixDisk::open_directory(path + "/new").value();
  auto file = disk->create("a", 3 << 19).value();
  EXPECT_EQ(file->size(), 3u << 19);
  EXPECT_EQ(file->read((3 << 19) - 4, 4).value(), std::string(4, '\0'));
  ASSERT_TRUE(file->write(4096, "here").ok());
  ASSERT_TRUE(file->sync().ok());
  file = disk->open("a").value();
  EXPECT_EQ(file->size(), 3u << 19);
  EXPECT_EQ(file->read(4095, 6).value(), std::string("\0here\0", 6));
  EXPECT_FALSE(file->read(3 << 19, 1).ok());
}

TEST_F(PosixDiskTest, NamesChangeAsTheyAreTold) {
  const auto disk = PosixDisk::open_directory(path).value();
  ASSERT_TRUE(disk->create("a", 10).ok());
  ASSERT_TRUE(disk->create("b", 10).ok());
  ASSERT_TRUE(disk->rename("a", "c").ok());
  ASSERT_TRUE(disk->remove("b").ok());
  ASSERT_TRUE(disk->sync_names().ok());
  EXPECT_EQ(disk->list().value(), (std::vector<std::string>{"c", "lock"}));
  EXPECT_THAT(disk->open("a").error().what, testing::HasSubstr("No such file"));
  EXPECT_GT(disk->free_bytes().value(), 0u);
}

TEST_F(PosixDiskTest, IsLockedWhileItIsOpen) {
  auto disk = PosixDisk::open_directory(path);
  ASSERT_TRUE(disk.ok());
  EXPECT_THAT(PosixDisk::open_directory(path).error().what, testing::HasSubstr("in use by another process"));
  disk = Error{"given back"};
  EXPECT_TRUE(PosixDisk::open_directory(path).ok());
}

TEST_F(PosixDiskTest, SaysWhichDirectoryCannotBeMade) {
  EXPECT_EQ(PosixDisk::open_directory(path + "/a/b").error().what,
            "create directory " + path + "/a/b: No such file or directory");
}

TEST_F(PosixDiskTest, CarriesAJournalOverProcesses) {
  const GroupId group{1, 0};
  Index last = 0;
  for (int life = 0; life < 4; ++life) {
    const auto disk = PosixDisk::open_directory(path).value();
    const auto journal = FileJournal::open(*disk, {1 << 16, 3, 0}).value();
    const auto found = journal->recover(group).value();
    ASSERT_EQ(found.has_value(), life > 0);
    if (found) {
      EXPECT_EQ(found->last_index(), last);
    } else {
      ASSERT_TRUE(journal->append({{group, 9, Reset{0, 0}}}, true).ok());
    }
    for (int i = 0; i < 40; ++i) {
      ++last;
      ASSERT_TRUE(journal->append({{group, 9, Entries{{{last, 1, 0, std::to_string(last)}}}}}, true).ok());
    }
    journal->trim(group, last - 5);
    EXPECT_EQ(journal->recover(group).value()->entries.back().data, std::to_string(last));
  }
}

}  // namespace
}  // namespace stoa
