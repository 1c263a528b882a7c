#include "app/master_key_file.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

#include "storage/memory_disk.hpp"

namespace stoa {
namespace {

TEST(MasterKeyFile, IsMadeOnceAndSurvivesACrash) {
  MemoryDisk disk;
  SeededRandom random(1);
  const auto made = load_master_key("", disk);
  ASSERT_TRUE(made.ok());
  disk.crash(random);
  const auto found = load_master_key("", disk);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->id(), made->id());
}

TEST(MasterKeyFile, IsTheConfiguredOneWhereOneIs) {
  MemoryDisk disk;
  const std::string file = testing::TempDir() + "stoa_master_key_" + std::to_string(::getpid());
  std::ofstream(file) << MasterKey::new_line().reveal();
  EXPECT_TRUE(load_master_key(file, disk).ok());
  EXPECT_TRUE(disk.list()->empty());
  std::ofstream(file) << "short\n";
  const auto refused = load_master_key(file, disk);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().what.find(file), std::string::npos);
  std::filesystem::remove(file);
  EXPECT_FALSE(load_master_key(file, disk).ok());
}

TEST(MasterKeyFile, IsMissedWhereTheCatalogWasHeard) {
  MemoryDisk disk;
  ASSERT_TRUE(disk.create("catalog.view", 8).ok());
  const auto refused = load_master_key("", disk);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().what.find("secrets.master_key_file"), std::string::npos);
}

TEST(MasterKeyFile, IsNeverReplacedWhenItIsDamaged) {
  MemoryDisk disk;
  ASSERT_TRUE(load_master_key("", disk).ok());
  const std::string before = disk.content("master.key");
  ASSERT_TRUE((*disk.open("master.key"))->write(0, "!").ok());
  EXPECT_FALSE(load_master_key("", disk).ok());
  EXPECT_EQ(disk.content("master.key"), "!" + before.substr(1));
}

}  // namespace
}  // namespace stoa
