#include "storage/memory_disk.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace stoa {
namespace {

struct MemoryDiskTest : testing::Test {
  MemoryDisk disk;
  std::unique_ptr<File> file = made();

  std::unique_ptr<File> made() {
    auto created = disk.create("a", 4096).value();
    EXPECT_TRUE(disk.sync_names().ok());
    return created;
  }
  std::string after_crash(uint64_t seed) {
    SeededRandom random(seed);
    disk.crash(random);
    return disk.content("a");
  }
};

TEST_F(MemoryDiskTest, KeepsWhatWasSynced) {
  const std::string data(4096, 'x');
  ASSERT_TRUE(file->write(0, data).ok());
  ASSERT_TRUE(file->sync().ok());
  for (uint64_t seed = 0; seed < 10; ++seed) EXPECT_EQ(after_crash(seed), data);
}

TEST_F(MemoryDiskTest, TearsWhatWasNotSynced) {
  bool none = false, all = false, some = false;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    MemoryDisk fresh;
    const auto written = fresh.create("a", 4096).value();
    ASSERT_TRUE(fresh.sync_names().ok());
    ASSERT_TRUE(written->write(0, std::string(4096, 'x')).ok());
    EXPECT_EQ(fresh.content("a"), std::string(4096, 'x')) << "the process sees it";
    SeededRandom random(seed);
    fresh.crash(random);
    const auto kept = std::count(fresh.content("a").begin(), fresh.content("a").end(), 'x');
    EXPECT_EQ(kept % 512, 0);
    none = none || kept == 0;
    all = all || kept == 4096;
    some = some || (kept > 0 && kept < 4096);
  }
  EXPECT_TRUE(none && all && some);
}

TEST_F(MemoryDiskTest, AFailedSyncLosesWhatItShouldHaveWritten) {
  ASSERT_TRUE(file->write(0, "lost").ok());
  disk.fail_at(disk.operations(), DiskFault::kError);
  EXPECT_FALSE(file->sync().ok());
  EXPECT_TRUE(file->sync().ok()) << "as on Linux, a second one says that all is well";
  EXPECT_EQ(disk.content("a").substr(0, 4), "lost") << "the process still sees it";
  EXPECT_EQ(after_crash(1), std::string(4096, '\0'));
}

TEST_F(MemoryDiskTest, AShortWriteLeavesHalf) {
  disk.fail_at(disk.operations(), DiskFault::kShortWrite);
  EXPECT_FALSE(file->write(0, "abcd").ok());
  EXPECT_EQ(disk.content("a").substr(0, 4), std::string("ab\0\0", 4));
}

TEST_F(MemoryDiskTest, WithoutPowerNothingIsDoneAnyMore) {
  disk.fail_at(disk.operations() + 1, DiskFault::kPowerCut);
  ASSERT_TRUE(file->write(0, "abcd").ok());
  EXPECT_FALSE(file->sync().ok());
  EXPECT_FALSE(file->write(0, "wxyz").ok());
  EXPECT_FALSE(file->sync().ok());
  EXPECT_FALSE(disk.rename("a", "b").ok());
  EXPECT_EQ(disk.content("a").substr(0, 4), "abcd");
  disk.restart();
  EXPECT_TRUE(file->sync().ok());
}

TEST_F(MemoryDiskTest, NamesAreSureOnlyOnceTheyAreSynced) {
  bool old_name = false, new_name = false;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    MemoryDisk fresh;
    ASSERT_TRUE(fresh.create("a", 512).ok());
    ASSERT_TRUE(fresh.sync_names().ok());
    ASSERT_TRUE(fresh.rename("a", "b").ok());
    SeededRandom random(seed);
    fresh.crash(random);
    const auto names = fresh.list().value();
    ASSERT_EQ(names.size(), 1u);
    old_name = old_name || names[0] == "a";
    new_name = new_name || names[0] == "b";
  }
  EXPECT_TRUE(old_name && new_name);
}

}  // namespace
}  // namespace stoa
