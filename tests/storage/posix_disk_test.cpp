#include "storage/posix_disk.hpp"

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>
#include <vector>

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

TEST_F(PosixDiskTest, MakesWhatIsMissingAboveIt) {
  EXPECT_TRUE(PosixDisk::open_directory(path + "/above/it/data").ok());
  EXPECT_TRUE(PosixDisk::open_directory(path + "/above/it/data").ok());
}

TEST_F(PosixDiskTest, MakesItBesideOthersThatMakeTheSame) {
  for (int round = 0; round < 200; ++round) {
    const std::string above = path + "/" + std::to_string(round) + "/data/";
    std::atomic<int> ready{0};
    std::vector<std::thread> others;
    std::array<std::string, 4> faults;
    for (size_t i = 0; i < faults.size(); ++i) {
      others.emplace_back([&, i] {
        for (++ready; ready < static_cast<int>(faults.size());) {
        }
        if (auto disk = PosixDisk::open_directory(above + std::to_string(i)); !disk) faults[i] = disk.error().what;
      });
    }
    for (std::thread& other : others) other.join();
    ASSERT_THAT(faults, testing::Each("")) << round;
  }
}

TEST_F(PosixDiskTest, SaysWhichDirectoryCannotBeMade) {
  std::ofstream(path + "/a") << "no directory";
  EXPECT_EQ(PosixDisk::open_directory(path + "/a/b").error().what,
            "create directory " + path + "/a/b: Not a directory");
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

// The child says through a pipe what it was told is stored, until it is killed.
void append_until_killed(const std::string& path, GroupId group, int told) {
  const auto disk = PosixDisk::open_directory(path).value();
  const auto journal = FileJournal::open(*disk, {1 << 16, 3, 0}).value();
  for (Index next = journal->recover(group).value()->last_index() + 1;; ++next) {
    STOA_CHECK(journal->append({{group, 9, Entries{{{next, 1, 0, std::string(next % 900, 'x')}}}}}, true).ok(),
               "stored");
    STOA_CHECK(::write(told, &next, sizeof next) == sizeof next, "told");
    if (next % 50 == 0) journal->trim(group, next - 20);
  }
}

TEST_F(PosixDiskTest, KeepsWhatAKilledProcessWasToldIsStored) {
  const GroupId group{1, 0};
  {
    const auto disk = PosixDisk::open_directory(path).value();
    const auto journal = FileJournal::open(*disk, {1 << 16, 3, 0}).value();
    ASSERT_TRUE(journal->append({{group, 9, Reset{0, 0}}}, true).ok());
  }
  for (Index life = 1; life <= 5; ++life) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    if (child == 0) append_until_killed(path, group, pipe[1]);
    ::close(pipe[1]);
    Index told = 0;
    while (told < life * 30) ASSERT_EQ(::read(pipe[0], &told, sizeof told), ssize_t{sizeof told});
    ::kill(child, SIGKILL);
    while (::read(pipe[0], &told, sizeof told) > 0) continue;
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    ::close(pipe[0]);
    const auto disk = PosixDisk::open_directory(path).value();
    const auto found = FileJournal::open(*disk, {1 << 16, 3, 0}).value()->recover(group).value();
    EXPECT_GE(found->last_index(), told);
    EXPECT_LE(found->last_index(), told + 1);
    EXPECT_EQ(found->entries.back().data, std::string(found->last_index() % 900, 'x'));
  }
}

}  // namespace
}  // namespace stoa
