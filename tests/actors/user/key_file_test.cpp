#include "actors/user/key_file.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actors/user/key_ring.hpp"

namespace stoa::user {
namespace {

class KeyFile : public testing::Test {
 protected:
  KeyFile() {
    char name[] = "/tmp/stoa_key_file_XXXXXX";
    folder_ = ::mkdtemp(name);
    path_ = folder_ + "/token.key";
  }
  ~KeyFile() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& text, mode_t mode = 0600) const {
    std::ofstream(path_) << text;
    ::chmod(path_.c_str(), mode);
  }
  mode_t mode() const {
    struct stat status {};
    ::stat(path_.c_str(), &status);
    return status.st_mode & 0777;
  }
  std::string folder_, path_;
};

TEST_F(KeyFile, IsMadeForItsOwnerOnlyAndFoundAgain) {
  const ::mode_t mask = ::umask(0);
  const auto made = KeyRing::open(path_);
  ::umask(mask);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(mode(), 0600u);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
  const auto found = KeyRing::open(path_);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ((*found).key_id(), (*made).key_id());
  SeededRandom random(1);
  const std::string token = (*made).sign(UserId::mint(Time{1'000'000}, 1, random), UserRole::kAdmin,
                                         mint_uuid(Time{1}, 0, random), Time{1'000'000});
  EXPECT_TRUE((*found).verify(token, Time{1'000'000}).token);
}

TEST_F(KeyFile, IsRefusedWhenOthersMayReadIt) {
  ASSERT_TRUE(open_key_file(path_).ok());
  for (const mode_t open_mode : {0640u, 0604u, 0660u, 0644u}) {
    ::chmod(path_.c_str(), open_mode);
    const auto refused = open_key_file(path_);
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().what.find(path_), std::string::npos);
    EXPECT_NE(refused.error().what.find("chmod 600"), std::string::npos);
  }
}

TEST_F(KeyFile, IsRefusedWhenDamagedAndNeverReplaced) {
  for (const char* text : {"", "\n", "stoa-ed25519 ", "stoa-ed25519 AAAA\n", "something else entirely\n"}) {
    write(text);
    const auto refused = open_key_file(path_);
    ASSERT_FALSE(refused.ok()) << text;
    EXPECT_EQ(std::filesystem::file_size(path_), std::string(text).size());
  }
}

TEST_F(KeyFile, TakesTheLeftoverOfACrashForNothing) {
  std::ofstream(path_ + ".new") << "half a k";
  ASSERT_TRUE(open_key_file(path_).ok());
  EXPECT_TRUE(open_key_file(path_).ok());
}

TEST_F(KeyFile, SaysWhereItCannotBeMade) {
  const auto refused = open_key_file(folder_ + "/missing/token.key");
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().what.find("missing/token.key"), std::string::npos);
}

}  // namespace
}  // namespace stoa::user
