#include "gateway/secret_file.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

namespace stoa {
namespace {

class SecretFile : public testing::Test {
 protected:
  SecretFile() {
    char name[] = "/tmp/stoa_secret_XXXXXX";
    folder_ = ::mkdtemp(name);
    path_ = folder_ + "/admin.token";
  }
  ~SecretFile() override { std::filesystem::remove_all(folder_); }

  std::string text() const {
    std::ifstream in(path_);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& text) const {
    std::ofstream(path_) << text;
    ::chmod(path_.c_str(), 0600);
  }
  std::string folder_, path_;
  SeededRandom random_{5};
};

TEST_F(SecretFile, IsMadeOnceForItsOwnerAlone) {
  const auto made = load_secret_file(path_, random_);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(text(), *made + "\n");
  struct stat info {};
  ::stat(path_.c_str(), &info);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
  EXPECT_EQ(load_secret_file(path_, random_).value(), *made);
  ::chmod(path_.c_str(), 0640);
  EXPECT_FALSE(load_secret_file(path_, random_).ok());
}

TEST_F(SecretFile, IsRefusedWithAnyBitFlipped) {
  ASSERT_TRUE(load_secret_file(path_, random_).ok());
  const std::string good = text();
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
    write(bad);
    const auto refused = load_secret_file(path_, random_);
    ASSERT_FALSE(refused.ok()) << "bit " << bit;
    EXPECT_NE(refused.error().what.find(path_ + ": is damaged"), std::string::npos);
  }
}

TEST_F(SecretFile, IsRefusedWhenCutShortAndNeverReplaced) {
  ASSERT_TRUE(load_secret_file(path_, random_).ok());
  const std::string good = text();
  for (size_t size = 0; size < good.size(); ++size) {
    write(good.substr(0, size));
    EXPECT_FALSE(load_secret_file(path_, random_).ok()) << size;
    EXPECT_EQ(text().size(), size);
  }
}

TEST_F(SecretFile, OfTheFirstVersionStillOpens) {
  const std::string old(43, 'A');
  write(old + "\n");
  EXPECT_EQ(load_secret_file(path_, random_).value(), old);
}

TEST_F(SecretFile, SaysWhereItCannotBeMade) {
  const auto refused = load_secret_file(folder_ + "/missing/admin.token", random_);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().what.find("missing/admin.token"), std::string::npos);
}

}  // namespace
}  // namespace stoa
