#include "actors/user/base64url.hpp"

#include <gtest/gtest.h>

namespace stoa::user {
namespace {

TEST(Base64url, IsReadBackAsItWasWritten) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) {
    EXPECT_EQ(from_base64url(base64url(bytes)), bytes);
    bytes += static_cast<char>(c);
  }
}

TEST(Base64url, TakesOnlyWhatItWouldHaveWritten) {
  for (const char* text : {"A", "AB", "AA=", "AA==", "A A", "AA\n", "A+", "A/"}) {
    EXPECT_EQ(from_base64url(text), std::nullopt) << text;
  }
  const std::string good = base64url("a signature");
  for (size_t at = 0; at < good.size(); ++at) {
    for (int c = 0; c < 256; ++c) {
      std::string other = good;
      other[at] = static_cast<char>(c);
      const auto read = from_base64url(other);
      EXPECT_TRUE(!read || base64url(*read) == other) << at << " " << c;
    }
  }
}

}  // namespace
}  // namespace stoa::user
