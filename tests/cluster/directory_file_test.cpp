#include "cluster/directory_file.hpp"

#include <gtest/gtest.h>

#include "storage/memory_disk.hpp"

namespace stoa {
namespace {

Directory version(uint64_t n) {
  Directory directory;
  directory.formation = "f";
  directory.version = n;
  return directory;
}

TEST(DirectoryFile, IsReadBackAndReplaced) {
  MemoryDisk disk;
  EXPECT_FALSE(read_directory(disk, kFormationFile)->has_value());
  ASSERT_TRUE(write_directory(disk, kFormationFile, version(1)).ok());
  ASSERT_TRUE(write_directory(disk, kFormationFile, version(2)).ok());
  EXPECT_EQ(read_directory(disk, kFormationFile).value()->version, 2u);
}

TEST(DirectoryFile, AFlippedByteIsNoticed) {
  MemoryDisk disk;
  ASSERT_TRUE(write_directory(disk, kFormationFile, version(1)).ok());
  const auto file = disk.open(kFormationFile).value();
  const std::string text = file->read(0, file->size()).value();
  for (size_t at = 0; at < text.size(); ++at) {
    std::string flipped = text;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x20);
    ASSERT_TRUE(file->write(0, flipped).ok());
    EXPECT_FALSE(read_directory(disk, kFormationFile).ok()) << at;
  }
}

TEST(DirectoryFile, APowerCutAnywhereLeavesTheOldOneOrTheNewOne) {
  for (uint64_t cut = 0;; ++cut) {
    SeededRandom random(cut);
    MemoryDisk disk;
    ASSERT_TRUE(write_directory(disk, kFormationFile, version(1)).ok());
    disk.fail_at(disk.operations() + cut, DiskFault::kPowerCut);
    const bool written = write_directory(disk, kFormationFile, version(2)).ok();
    disk.crash(random);
    const auto found = read_directory(disk, kFormationFile);
    ASSERT_TRUE(found.ok() && found->has_value()) << cut;
    EXPECT_TRUE((*found)->version == 2 || (!written && (*found)->version == 1)) << cut;
    if (written) break;
  }
}

}  // namespace
}  // namespace stoa
