#include "actors/user/key_file.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

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
  std::string folder_, path_;
};

constexpr const char* kZeros = "stoa-ed25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";

TEST_F(KeyFile, GivesTheSeedThatIsInIt) {
  write(kZeros);
  const auto seed = read_key_file(path_);
  ASSERT_TRUE(seed.ok());
  ASSERT_TRUE(seed->has_value());
  EXPECT_EQ((*seed)->reveal(), std::string(32, '\0'));
}

TEST_F(KeyFile, IsNothingWhereThereIsNoFile) {
  const auto none = read_key_file(path_);
  ASSERT_TRUE(none.ok());
  EXPECT_FALSE(none->has_value());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(KeyFile, IsRefusedWhenOthersMayReadIt) {
  for (const mode_t open_mode : {0640u, 0604u, 0660u, 0644u}) {
    write(kZeros, open_mode);
    const auto refused = read_key_file(path_);
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().what.find(path_), std::string::npos);
    EXPECT_NE(refused.error().what.find("chmod 600"), std::string::npos);
  }
}

TEST_F(KeyFile, IsRefusedWhenDamagedAndNeverReplaced) {
  for (const char* text : {"", "\n", "stoa-ed25519 ", "stoa-ed25519 AAAA\n", "something else entirely\n"}) {
    write(text);
    const auto refused = read_key_file(path_);
    ASSERT_FALSE(refused.ok()) << text;
    EXPECT_EQ(std::filesystem::file_size(path_), std::string(text).size());
  }
}

}  // namespace
}  // namespace stoa::user
