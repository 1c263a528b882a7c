#include "storage/state_flusher.hpp"

#include <gtest/gtest.h>

#include "storage/key.hpp"
#include "storage/memory_database.hpp"
#include "storage/shard_state.hpp"
#include "tests/storage/steps.hpp"

namespace stoa {
namespace {

constexpr FlusherOptions kOptions{10'000, 1000, 50'000, 5000, 100'000};

class StateFlusherTest : public ::testing::Test {
 protected:
  std::unique_ptr<ShardState> join(uint16_t shard, std::function<void()> on_progress = {}) {
    return std::make_unique<ShardState>(database_, flusher_, GroupId{3, shard}, 7, executor_, std::move(on_progress));
  }
  static void apply(ShardState& state, uint16_t shard, size_t bytes) {
    WriteSet set;
    set.put(table_prefix(shard, 1) + std::to_string(state.applied()), std::string(bytes, 'x'));
    state.apply(state.applied() + 1, 1, set);
  }
  bool step() {
    const Result<bool> stepped = flusher_.step();
    EXPECT_TRUE(stepped.ok());
    executor_.run();
    return stepped.ok() && *stepped;
  }
  Index written(uint16_t shard) const {
    const auto mark = database_.mark(shard).value();
    return mark ? mark->applied : 0;
  }

  StandingClock clock_;
  QueueExecutor executor_;
  MemoryDatabase database_;
  StateFlusher flusher_{clock_, kOptions};
};

TEST_F(StateFlusherTest, LeavesWhatIsSmallAndYoung) {
  const auto state = join(1);
  apply(*state, 1, 100);
  EXPECT_FALSE(step());
  EXPECT_EQ(written(1), 0u);
  EXPECT_GT(state->dirty_bytes(), 100u);
  EXPECT_EQ(flusher_.dirty_bytes(), state->dirty_bytes());
}

TEST_F(StateFlusherTest, WritesALayerThatHasGrown) {
  const auto state = join(1);
  apply(*state, 1, 10'000);
  EXPECT_TRUE(step());
  EXPECT_EQ(written(1), 1u);
  EXPECT_EQ(state->dirty_bytes(), 0u);
  EXPECT_EQ(state->durable_applied(), 0u);
}

TEST_F(StateFlusherTest, WritesALayerThatHasGrownOld) {
  const auto state = join(1);
  apply(*state, 1, 100);
  clock_.advance_ms(900);
  step();
  step();
  EXPECT_EQ(written(1), 0u);
  clock_.advance_ms(100);
  step();  // asks
  step();
  EXPECT_EQ(written(1), 1u);
}

TEST_F(StateFlusherTest, MakesDurableWhatHasGrownOrGrownOld) {
  const auto state = join(1);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(state->durable_applied(), 0u);
    apply(*state, 1, 10'000);
    step();
  }
  EXPECT_EQ(state->durable_applied(), 5u);
  apply(*state, 1, 10'000);
  step();
  EXPECT_EQ(state->durable_applied(), 5u);
  clock_.advance_ms(5000);
  EXPECT_TRUE(step());
  EXPECT_EQ(state->durable_applied(), 6u);
  EXPECT_FALSE(step());
}

TEST_F(StateFlusherTest, OneShardsWishMakesTheWholeDatabaseDurable) {
  const auto one = join(1), two = join(2);
  apply(*one, 1, 10'000);
  apply(*two, 2, 100);
  two->hand_over(true);
  step();
  EXPECT_EQ(one->durable_applied(), 1u);
  EXPECT_EQ(two->durable_applied(), 1u);
}

TEST_F(StateFlusherTest, TellsTheShardThatItGotOn) {
  int told = 0;
  const auto state = join(1, [&] { ++told; });
  apply(*state, 1, 100);
  state->hand_over(true);
  EXPECT_TRUE(flusher_.step().ok());
  EXPECT_EQ(told, 0) << "never from the flusher's own thread";
  executor_.run();
  EXPECT_GE(told, 1);
}

TEST_F(StateFlusherTest, LetsTheOwnerDestroyTheStateWhenItIsTold) {
  std::unique_ptr<ShardState> state = join(1, [&] { state.reset(); });
  apply(*state, 1, 100);
  state->hand_over(true);
  step();
  EXPECT_EQ(state, nullptr);
  step();
}

TEST_F(StateFlusherTest, WritesWhatAStateHandedOverBeforeItLeft) {
  auto state = join(1);
  apply(*state, 1, 100);
  state->hand_over(false);
  apply(*state, 1, 100);
  state.reset();
  step();
  EXPECT_EQ(written(1), 1u);
  EXPECT_EQ(flusher_.dirty_bytes(), 0u);
}

TEST_F(StateFlusherTest, WritesNothingForAStateThatHasASuccessor) {
  auto state = join(1);
  apply(*state, 1, 100);
  state->hand_over(false);
  state.reset();
  state = join(1);
  EXPECT_EQ(state->applied(), 0u);
  step();
  EXPECT_EQ(written(1), 0u);
  EXPECT_EQ(flusher_.dirty_bytes(), 0u);
}

TEST_F(StateFlusherTest, SeveralLayersOfAShardAreOneBatch) {
  const auto state = join(1);
  for (int i = 0; i < 3; ++i) apply(*state, 1, 10'000);
  const uint64_t before = database_.operations();
  step();
  EXPECT_EQ(database_.operations(), before + 1);
  EXPECT_EQ(written(1), 3u);
}

TEST_F(StateFlusherTest, AsksEveryShardWhenHalfTheBoundIsDirty) {
  std::vector<std::unique_ptr<ShardState>> states;
  for (uint16_t shard = 1; shard <= 8; ++shard) apply(*states.emplace_back(join(shard)), shard, 4090);
  EXPECT_FALSE(step());
  EXPECT_TRUE(step());
  EXPECT_EQ(flusher_.dirty_bytes(), 0u);
}

TEST_F(StateFlusherTest, TellsAllWhenItIsNoLongerOverItsBound) {
  int told = 0;
  const auto waiting = join(1, [&] { ++told; });
  const auto busy = join(2);
  for (int i = 0; i < 11; ++i) apply(*busy, 2, 9950);
  EXPECT_TRUE(waiting->over_bound());
  step();
  EXPECT_FALSE(waiting->over_bound());
  EXPECT_EQ(told, 1);
}

TEST_F(StateFlusherTest, FinishesAllThatWasHandedOver) {
  const auto one = join(1), two = join(2);
  apply(*one, 1, 100);
  apply(*two, 2, 100);
  one->hand_over(false);
  two->hand_over(false);
  ASSERT_TRUE(flusher_.finish().ok());
  EXPECT_EQ(database_.durable_mark(1).value()->applied, 1u);
  EXPECT_EQ(database_.durable_mark(2).value()->applied, 1u);
}

TEST_F(StateFlusherTest, ReportsWhatItWroteForTheMetrics) {
  std::vector<FlusherStep> steps;
  StateFlusher flusher(clock_, kOptions, [&](const FlusherStep& s) { steps.push_back(s); });
  ShardState state(database_, flusher, {3, 9}, 7, executor_, nullptr);
  apply(state, 9, 1000);
  state.hand_over(true);
  ASSERT_TRUE(flusher.step().ok());
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps[0].layers, 1u);
  EXPECT_EQ(steps[0].puts, 1u);
  EXPECT_GT(steps[0].bytes, 1000u);
  EXPECT_EQ(steps[0].flushes, 1u);
}

// The power goes at every write and flush: what was called durable is there, and records agree with their mark.
TEST(StateFlusherFaults, NeverCallsDurableWhatACrashTakes) {
  SeededRandom random(3);
  for (uint64_t cut = 0; cut < 60; ++cut) {
    StandingClock clock;
    QueueExecutor executor;
    MemoryDatabase database;
    Index durable = 0;
    database.cut_power_at(cut);
    {
      StateFlusher flusher(clock, kOptions);
      ShardState state(database, flusher, {3, 1}, 7, executor, nullptr);
      for (Index i = 1; i < 200; ++i) {
        WriteSet set;
        for (const char* name : {"a", "b"}) set.put(table_prefix(1, 1) + name, std::to_string(i));
        state.apply(i, 1, set);
        if (i % 3 == 0) state.hand_over(i % 9 == 0);
        if (!flusher.step()) break;
        executor.run();
        durable = state.durable_applied();
      }
      executor.drop();
    }
    database.crash(random);
    StateFlusher flusher(clock, kOptions);
    const ShardState state(database, flusher, {3, 1}, 7, executor, nullptr);
    EXPECT_GE(state.applied(), durable) << "cut at " << cut;
    std::string a, b;
    EXPECT_EQ(state.get(table_prefix(1, 1) + "a", a), state.applied() > 0);
    EXPECT_EQ(state.get(table_prefix(1, 1) + "b", b), state.applied() > 0);
    const std::string expected = state.applied() > 0 ? std::to_string(state.applied()) : "";
    EXPECT_EQ(a + b, expected + expected);
  }
}

}  // namespace
}  // namespace stoa
