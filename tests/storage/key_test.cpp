#include "storage/key.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace stoa {
namespace {

template <class K>
std::string bytes_of(const K& key) {
  std::string out;
  append_key(out, key);
  return out;
}

TEST(Key, OrdersNumbersAsTheirBytes) {
  SeededRandom random(1);
  for (int i = 0; i < 10'000; ++i) {
    const uint64_t a = random.u64() >> random.below(64), b = random.u64() >> random.below(64);
    ASSERT_EQ(a < b, bytes_of(a) < bytes_of(b));
  }
}

TEST(Key, OrdersTimesBeforeAndAfterTheEpoch) {
  const int64_t times[] = {INT64_MIN, -5, -1, 0, 1, 1'700'000'000'000, INT64_MAX};
  for (const int64_t a : times) {
    for (const int64_t b : times) EXPECT_EQ(a < b, bytes_of(Time{a}) < bytes_of(Time{b}));
  }
}

TEST(Key, OrdersIdsByTimeThenSlot) {
  SeededRandom random(1);
  const auto early = OrderId::mint(Time{1000}, 4095, random), late = OrderId::mint(Time{1001}, 0, random);
  EXPECT_LT(bytes_of(early), bytes_of(late));
  EXPECT_EQ(bytes_of(early), early.uuid.bytes());
}

TEST(Key, OrdersCompositesPartByPart) {
  const auto key = [](uint64_t a, std::string_view b) { return bytes_of(std::make_tuple(a, b)); };
  EXPECT_LT(key(1, "z"), key(2, "a"));
  EXPECT_LT(key(2, "a"), key(2, "ab"));
  EXPECT_LT(key(255, ""), key(256, ""));
}

TEST(Key, PutsAShardBeforeItsTables) {
  EXPECT_EQ(shard_prefix(0x0102), "\x01\x02");
  EXPECT_EQ(table_prefix(0x0102, 3), "\x01\x02\x03");
  EXPECT_LT(table_prefix(1, 255), table_prefix(2, 0));
}

TEST(Key, EndsAPrefixRightBehindItsLastKey) {
  EXPECT_EQ(after_prefix("ab"), "ac");
  EXPECT_EQ(after_prefix("a\xff"), "b");
  EXPECT_EQ(after_prefix("\xff\xff"), "");
  EXPECT_EQ(after_prefix(""), "");
  EXPECT_LT("ab\xff\xff\xff", after_prefix("ab"));
}

}  // namespace
}  // namespace stoa
