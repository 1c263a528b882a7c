#include "scenarios/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "scenarios/streams.hpp"

namespace stoa::scenarios {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

std::vector<int64_t> all_of(std::vector<Phase> phases, uint64_t seed = 1) {
  Schedule schedule(std::move(phases), stream_of(seed, kArrivalStream));
  std::vector<int64_t> starts;
  while (const auto next = schedule.next()) starts.push_back(*next);
  return starts;
}

int64_t count_between(const std::vector<int64_t>& starts, int64_t from, int64_t to) {
  return std::count_if(starts.begin(), starts.end(), [&](int64_t at) { return at >= from && at < to; });
}

TEST(Schedule, SpacesAConstantRateEvenly) {
  const auto starts = all_of({{100, 100, 2 * kSecond, false}});
  ASSERT_EQ(starts.size(), 200u);
  EXPECT_EQ(starts[0], 0);
  EXPECT_NEAR(static_cast<double>(starts[1]), 10e6, 1e3);
  EXPECT_NEAR(static_cast<double>(starts[199]), 1990e6, 1e3);
}

TEST(Schedule, RampsInAStraightLine) {
  const auto starts = all_of({{0, 100, 10 * kSecond, false}});
  EXPECT_NEAR(static_cast<double>(starts.size()), 500, 1);
  // The rate's integral: 100 t^2 / 20.
  EXPECT_NEAR(static_cast<double>(count_between(starts, 0, 5 * kSecond)), 125, 1);
  const auto down = all_of({{100, 0, 10 * kSecond, false}});
  EXPECT_NEAR(static_cast<double>(down.size()), 500, 1);
  EXPECT_NEAR(static_cast<double>(count_between(down, 0, 5 * kSecond)), 375, 1);
}

TEST(Schedule, NeitherAddsNorSwallowsArrivalsBetweenPhases) {
  const auto starts = all_of({{3, 3, kSecond / 2, false}, {0, 0, kSecond, false}, {3, 3, kSecond / 2, false}});
  EXPECT_EQ(starts.size(), 3u);
  EXPECT_EQ(count_between(starts, kSecond / 2, kSecond * 3 / 2), 0);
  EXPECT_TRUE(std::is_sorted(starts.begin(), starts.end()));
}

TEST(Schedule, DrawsPoissonArrivalsFromTheSeed) {
  const std::vector<Phase> phases = {{1000, 1000, 20 * kSecond, true}};
  const auto starts = all_of(phases, 5);
  EXPECT_EQ(starts, all_of(phases, 5));
  EXPECT_NE(starts, all_of(phases, 6));
  EXPECT_TRUE(std::is_sorted(starts.begin(), starts.end()));
  EXPECT_NEAR(static_cast<double>(starts.size()), 20'000, 5 * std::sqrt(20'000));
  // Independent arrivals: the variance of the count in a tenth of a second is its mean.
  double squares = 0;
  for (int slot = 0; slot < 200; ++slot) {
    const double off = static_cast<double>(count_between(starts, slot * kSecond / 10, (slot + 1) * kSecond / 10)) - 100;
    squares += off * off;
  }
  EXPECT_GT(squares / 200, 60);
  EXPECT_LT(squares / 200, 150);
}

TEST(Schedule, KeepsItsShapeWhenScaledAndStretched) {
  std::vector<Phase> phases = {{0, 200, 10 * kSecond, false}, {100, 100, 30 * kSecond, false}};
  scale_to(phases, 20);
  stretch_to(phases, 4 * kSecond);
  EXPECT_DOUBLE_EQ(peak_rate(phases), 20);
  EXPECT_EQ(total_duration_ns(phases), 4 * kSecond);
  EXPECT_DOUBLE_EQ(phases[1].from, 10);
  EXPECT_EQ(phases[0].duration_ns, kSecond);
}

}  // namespace
}  // namespace stoa::scenarios
