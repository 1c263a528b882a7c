#include "inspector/actor_screen.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

const char* kAnswer = R"({"node": "n1", "at": "2026-01-31T23:59:59.123Z", "actors": [
  {"id": 1, "name": "order/0", "service": "order", "shard": 0, "depth": 3, "oldest_ms": 7, "handled": 90, "rate": 30,
   "busy": 0.125, "last": ["place_order", "cancel"]},
  {"id": 2, "name": "courier", "service": null, "shard": null, "depth": 0, "oldest_ms": 0, "handled": 500, "rate": 60,
   "busy": 0.005, "last": []}]})";

std::vector<std::string> screen(const ScreenChoice& choice, size_t width = 200, size_t height = 100) {
  return actor_screen(read_actor_view(kAnswer).value(), choice, width, height);
}

TEST(ActorScreen, ShowsEachActorInALine) {
  const auto lines = screen({});
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0], "n1  2026-01-31T23:59:59.123Z  2 of 2 actors");
  EXPECT_EQ(lines[2], "order/0                       3         7       30   12.5          90  place_order cancel");
}

TEST(ActorScreen, SortsMostFirst) {
  EXPECT_EQ(screen({'D', "", false})[2].rfind("order/0", 0), 0U);
  EXPECT_EQ(screen({'R', "", false})[2].rfind("courier", 0), 0U);
  EXPECT_EQ(screen({'H', "", false})[2].rfind("courier", 0), 0U);
  EXPECT_EQ(screen({'B', "", false})[2].rfind("order/0", 0), 0U);
  EXPECT_EQ(screen({'N', "", false})[2].rfind("courier", 0), 0U);
}

TEST(ActorScreen, FiltersByNameAndFitsTheTerminal) {
  const auto lines = screen({'D', "order", true});
  EXPECT_EQ(lines.size(), 3U);
  EXPECT_NE(lines[0].find("1 of 2 actors  /order  frozen"), std::string::npos);
  for (const std::string& line : screen({}, 20, 3)) EXPECT_LE(line.size(), 20U);
  EXPECT_EQ(screen({}, 20, 3).size(), 3U);
}

TEST(ActorScreen, AnAnswerOfAnotherVersionIsAnError) {
  EXPECT_FALSE(read_actor_view("").ok());
  EXPECT_FALSE(read_actor_view("{}").ok());
  EXPECT_FALSE(read_actor_view("[]").ok());
}

}  // namespace
}  // namespace stoa
