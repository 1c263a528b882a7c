#include "gateway/entity_tag.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

TEST(EntityTag, IfMatchIsOneStrongTag) {
  EXPECT_EQ(parse_if_match("\"3\""), "3");
  EXPECT_EQ(parse_if_match("*"), "*");
  EXPECT_NE(parse_if_match("W/\"3\""), "3");
  EXPECT_TRUE(parse_if_match("W/\"3\"").has_value());
  for (const char* bad : {"", "3", "\"3", "\"\"", "\"3\", \"4\"", "\"3\"x"}) EXPECT_FALSE(parse_if_match(bad)) << bad;
}

TEST(EntityTag, IfNoneMatchIsAListComparedWeakly) {
  EXPECT_TRUE(none_match_hits("\"3\"", "3"));
  EXPECT_TRUE(none_match_hits("\"1\", W/\"3\"", "3"));
  EXPECT_TRUE(none_match_hits("*", "3"));
  EXPECT_FALSE(none_match_hits("", "3"));
  EXPECT_FALSE(none_match_hits("3", "3"));
  EXPECT_FALSE(none_match_hits("\"33\"", "3"));
}

}  // namespace
}  // namespace stoa
