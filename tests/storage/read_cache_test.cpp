#include "storage/read_cache.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

TEST(ReadCache, FindsWhatItKeeps) {
  ReadCache cache(64);
  EXPECT_EQ(cache.find("a"), nullptr);
  cache.keep("a", "1");
  cache.keep("b", "");
  ASSERT_NE(cache.find("a"), nullptr);
  EXPECT_EQ(*cache.find("a"), "1");
  ASSERT_NE(cache.find("b"), nullptr);
  cache.keep("a", "2");
  EXPECT_EQ(*cache.find("a"), "2");
}

TEST(ReadCache, FollowsWhatItHoldsAndNothingElse) {
  ReadCache cache(64);
  cache.keep("a", "1");
  cache.follow("a", "2");
  cache.follow("b", "2");
  EXPECT_EQ(*cache.find("a"), "2");
  EXPECT_EQ(cache.find("b"), nullptr);
  cache.follow("a", std::nullopt);
  EXPECT_EQ(cache.find("a"), nullptr);
}

TEST(ReadCache, KeepsNothingLarge) {
  ReadCache cache(64);
  cache.keep("a", std::string(ReadCache::kMaxValueBytes + 1, 'x'));
  EXPECT_EQ(cache.find("a"), nullptr);
  cache.keep("a", "1");
  cache.follow("a", std::string(ReadCache::kMaxValueBytes + 1, 'x'));
  EXPECT_EQ(cache.find("a"), nullptr);
}

TEST(ReadCache, HoldsNoMoreThanItsPlaces) {
  ReadCache cache(64);
  for (int i = 0; i < 1000; ++i) cache.keep(std::to_string(i), "x");
  int held = 0;
  for (int i = 0; i < 1000; ++i) held += cache.find(std::to_string(i)) ? 1 : 0;
  EXPECT_GT(held, 32);
  EXPECT_LE(held, 64);
  cache.clear();
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(cache.find(std::to_string(i)), nullptr);
}

TEST(ReadCache, LetsGoOfWhatWasNotUsedLast) {
  ReadCache cache(2);
  cache.keep("hot", "1");
  for (int i = 0; i < 100; ++i) {
    ASSERT_NE(cache.find("hot"), nullptr);
    cache.keep(std::to_string(i), "x");
  }
  EXPECT_NE(cache.find("hot"), nullptr);
}

TEST(ReadCache, MayBeAskedToFetchWhatItHoldsAndWhatNot) {
  ReadCache cache(64);
  const std::vector<StateWrite> keys = {{"a", std::nullopt}, {"b", "2"}};
  cache.prefetch(keys);
  cache.keep("a", "1");
  cache.prefetch(keys);
  EXPECT_EQ(*cache.find("a"), "1");
  EXPECT_EQ(cache.find("b"), nullptr);
}

}  // namespace
}  // namespace stoa
