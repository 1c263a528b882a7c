#include "scenarios/streams.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <set>

namespace stoa::scenarios {
namespace {

TEST(Streams, AreTheSameForTheSameSeedAndNumberOnly) {
  std::set<uint64_t> firsts;
  for (uint64_t seed = 0; seed < 30; ++seed) {
    for (uint64_t number = 0; number < 30; ++number) {
      const uint64_t first = stream_of(seed, number).u64();
      EXPECT_EQ(first, stream_of(seed, number).u64());
      firsts.insert(first);
    }
    firsts.insert(stream_of(seed, kArrivalStream).u64());
    firsts.insert(stream_of(seed, kSetupStream).u64());
  }
  EXPECT_EQ(firsts.size(), 30u * 32u);
}

TEST(Streams, StayTheSameForEver) {
  // A seed in somebody's notes must mean the same load next year.
  SeededRandom stream = stream_of(7, 0);
  EXPECT_EQ(uuid_v4(stream), "9c014791-61bc-4d78-a8bf-fcd4b372ef48");
}

TEST(Zipf, FollowsItsLaw) {
  Zipf zipf;
  SeededRandom random(5);
  constexpr int kDraws = 100'000;
  std::vector<int> counts(10);
  for (int at = 0; at < kDraws; ++at) ++counts[zipf.draw(10, 1.0, random)];
  double sum = 0;
  for (int rank = 1; rank <= 10; ++rank) sum += 1.0 / rank;
  for (int rank = 1; rank <= 10; ++rank) {
    const double expected = kDraws / (rank * sum);
    EXPECT_NEAR(counts[static_cast<size_t>(rank - 1)], expected, 5 * std::sqrt(expected)) << rank;
  }
}

TEST(Zipf, IsEvenWithExponentZero) {
  Zipf zipf;
  SeededRandom random(5);
  std::vector<int> counts(4);
  for (int at = 0; at < 40'000; ++at) ++counts[zipf.draw(4, 0, random)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
}

}  // namespace
}  // namespace stoa::scenarios
