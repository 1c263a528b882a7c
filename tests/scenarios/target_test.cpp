#include "scenarios/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stoa::scenarios {
namespace {

TEST(Target, IsAHostAndAPort) {
  const auto named = parse_target("http://shop.example:8101/");
  ASSERT_TRUE(named.ok());
  EXPECT_EQ(named->host, "shop.example");
  EXPECT_EQ(named->port, "8101");
  EXPECT_EQ(named->authority, "shop.example:8101");
  EXPECT_EQ(parse_target("http://localhost")->port, "80");
  const auto six = parse_target("http://[::1]:8080");
  ASSERT_TRUE(six.ok());
  EXPECT_EQ(six->host, "::1");
  EXPECT_EQ(six->port, "8080");
}

TEST(Target, RefusesEverythingElse) {
  for (const char* url :
       {"", "localhost:8080", "ftp://x", "http://", "http://:80", "http://x:", "http://x:0", "http://x:65536",
        "http://x:8o", "http://x/v1", "http://u@x", "http://x y", "http://[::1", "http://[::1]8080"}) {
    EXPECT_FALSE(parse_target(url).ok()) << url;
  }
  EXPECT_THAT(parse_target("https://x").error().what, ::testing::HasSubstr("TLS"));
}

}  // namespace
}  // namespace stoa::scenarios
