#include "base/advancing_clock.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

class TwoHands final : public Clock {
 public:
  Time now() const override { return Time{wall_ms}; }
  int64_t monotonic_ns() const override { return monotonic_ms * 1'000'000; }
  void pass_ms(int64_t ms) {
    wall_ms += ms;
    monotonic_ms += ms;
  }

  int64_t wall_ms = 1'700'000'000'000;
  int64_t monotonic_ms = 5'000;
};

TEST(AdvancingClock, ShowsTheMachinesTime) {
  TwoHands machine;
  const AdvancingClock clock(machine);
  EXPECT_EQ(clock.now(), machine.now());
  machine.pass_ms(40);
  EXPECT_EQ(clock.now(), machine.now());
}

TEST(AdvancingClock, FollowsAJumpForwards) {
  TwoHands machine;
  const AdvancingClock clock(machine);
  clock.now();
  machine.wall_ms += 3'600'000;
  EXPECT_EQ(clock.now(), machine.now());
}

TEST(AdvancingClock, GoesOnWhenTheMachineIsSetBack) {
  TwoHands machine;
  const AdvancingClock clock(machine);
  const Time before = clock.now();
  machine.wall_ms -= 3'600'000;
  EXPECT_EQ(clock.now(), before);
  machine.pass_ms(250);
  EXPECT_EQ(clock.now().ms, before.ms + 250);
}

TEST(AdvancingClock, MeetsTheMachineAgain) {
  TwoHands machine;
  const AdvancingClock clock(machine);
  clock.now();
  machine.wall_ms -= 1'000;
  clock.now();
  machine.wall_ms += 3'000;
  EXPECT_EQ(clock.now(), machine.now());
}

}  // namespace
}  // namespace stoa
