#include "storage/directory_lock.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace stoa {
namespace {

struct DirectoryLockTest : testing::Test {
  DirectoryLockTest() {
    std::string pattern = testing::TempDir() + "directory_lock_XXXXXX";
    path = ::mkdtemp(pattern.data());
  }
  ~DirectoryLockTest() override { std::filesystem::remove_all(path); }
  std::string path;
};

TEST_F(DirectoryLockTest, TellsASecondUserWhoHoldsTheDirectory) {
  auto first = DirectoryLock::take(path);
  ASSERT_TRUE(first.ok());
  const auto second = DirectoryLock::take(path);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().what, path + " is in use by another process, pid " + std::to_string(::getpid()));
  first = Error{"given back"};
  EXPECT_TRUE(DirectoryLock::take(path).ok());
}

TEST_F(DirectoryLockTest, IsFreeOnceItsHolderWasKilled) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = DirectoryLock::take(path);
    ::raise(SIGKILL);
  }
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(DirectoryLock::take(path).ok());
}

TEST_F(DirectoryLockTest, NamesADirectoryThatIsNotThere) {
  EXPECT_EQ(DirectoryLock::take(path + "/none").error().what, "open " + path + "/none/lock: No such file or directory");
}

}  // namespace
}  // namespace stoa
