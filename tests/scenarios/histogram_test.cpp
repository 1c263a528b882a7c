#include "scenarios/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <vector>

#include "base/random.hpp"

namespace stoa::scenarios {
namespace {

TEST(Histogram, IsEmptyAtFirst) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.quantile(0.5), 0);
  EXPECT_EQ(histogram.min(), 0);
  EXPECT_EQ(histogram.max(), 0);
  EXPECT_EQ(histogram.mean(), 0);
}

TEST(Histogram, KeepsSmallDurationsExactly) {
  Histogram histogram;
  for (int ns = 1; ns <= 100; ++ns) histogram.record(ns);
  EXPECT_EQ(histogram.quantile(0.5), 50);
  EXPECT_EQ(histogram.quantile(0.99), 99);
  EXPECT_EQ(histogram.quantile(0), 1);
  EXPECT_EQ(histogram.quantile(1), 100);
}

TEST(Histogram, IsOffByLessThanOnePercentOverTheWholeRange) {
  SeededRandom random(7);
  std::vector<int64_t> values;
  Histogram histogram;
  for (int at = 0; at < 20'000; ++at) {
    // Even over the magnitudes, from 1 ns to over an hour.
    const auto value = static_cast<int64_t>(std::exp2(static_cast<double>(random.below(41'000)) / 1000));
    values.push_back(value);
    histogram.record(value);
  }
  std::sort(values.begin(), values.end());
  for (const double share : {0.001, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(values.size())));
    const auto truth = static_cast<double>(values[rank - 1]);
    EXPECT_NEAR(static_cast<double>(histogram.quantile(share)), truth, std::max(0.5, truth * 0.008)) << share;
  }
  EXPECT_EQ(histogram.min(), values.front());
  EXPECT_EQ(histogram.max(), values.back());
}

TEST(Histogram, BoundsWhatItIsGiven) {
  Histogram histogram;
  histogram.record(-5);
  histogram.record(INT64_MAX);
  EXPECT_EQ(histogram.min(), 0);
  EXPECT_GT(histogram.max(), int64_t{3600} * 1'000'000'000);
}

TEST(Histogram, MergesAsIfAllHadBeenRecordedInOne) {
  Histogram one;
  Histogram other;
  Histogram both;
  for (int ns = 1; ns < 5000; ns += 7) {
    (ns % 2 == 0 ? one : other).record(ns * 1000);
    both.record(ns * 1000);
  }
  one.merge(other);
  one.merge(Histogram());
  EXPECT_EQ(one.count(), both.count());
  EXPECT_EQ(one.min(), both.min());
  EXPECT_EQ(one.max(), both.max());
  for (const double share : {0.1, 0.5, 0.99}) EXPECT_EQ(one.quantile(share), both.quantile(share));
}

}  // namespace
}  // namespace stoa::scenarios
