#include "actors/runtime/saga_runner.hpp"

#include <gtest/gtest.h>

#include "tests/actors/runtime/asked_world.hpp"
#include "tests/actors/runtime/counter_service.hpp"

namespace stoa {
namespace {

// Asks "hold" at once and "pay" once that is answered and charges; decides when both are answered.
SagaStep two_steps(const SagaRow&, const SagaReplies& replies, const ShardCounts&) {
  SagaStep step;
  const auto ask = [&](const char* key, bool charges) {
    step.asks.push_back({key, 1, 5, AnyCommand::of(Add{key, 1}), charges});
  };
  ask("hold", false);
  if (replies.count("hold") == 0) return step;
  ask("pay", true);
  const auto paid = replies.find("pay");
  if (paid != replies.end()) step.decision = AnyCommand::of(Add{paid->second.refused() ? "reject" : "confirm", 0});
  return step;
}

AnyCommand give_up(const SagaRow&) { return AnyCommand::of(Add{"give up", 0}); }

class SagaRunnerTest : public testing::Test {
 protected:
  SagaRow row(uint64_t number = 1) const {
    SagaRow r;
    r.id = Uuid{number, 1};
    r.kind = "two";
    r.begun = world.time.now();
    r.trace_id = "trace";
    return r;
  }
  void pass(int64_t ms) {
    world.time.advance_ms(ms);
    runner.tick();
  }
  std::string asked(size_t at) const { return decode<Add>(world.asked.at(at).payload)->name; }

  AskedWorld world;
  std::map<std::string, SagaKind> kinds{{"two", {two_steps, give_up}}};
  std::vector<std::string> decisions;
  SagaRunner runner{world, kinds, [this](const Uuid&, AnyCommand decision, const std::string& trace_id) {
                      EXPECT_EQ(trace_id, "trace");
                      decisions.push_back(decode<Add>(decision.encoded())->name);
                    }};
};

TEST_F(SagaRunnerTest, AsksStepByStepAndHandsOverTheDecision) {
  runner.committed(row());
  ASSERT_EQ(world.asked.size(), 1u);
  EXPECT_EQ(asked(0), "hold");
  EXPECT_TRUE(world.asked[0].call.caller.is(UserRole::kService));
  world.asked[0].answer({});
  ASSERT_EQ(world.asked.size(), 2u);
  EXPECT_EQ(asked(1), "pay");
  EXPECT_TRUE(decisions.empty());
  world.asked[1].answer({});
  EXPECT_EQ(decisions, std::vector<std::string>{"confirm"});
}

TEST_F(SagaRunnerTest, LetsNothingThatChargesLeaveBeforeTheRowIsDurable) {
  runner.proposed(row());
  ASSERT_EQ(world.asked.size(), 1u) << "a reservation may leave beside the commit";
  world.asked[0].answer({});
  pass(10'000);
  EXPECT_EQ(world.asked.size(), 1u);
  runner.committed(row());
  ASSERT_EQ(world.asked.size(), 2u);
  EXPECT_EQ(asked(1), "pay");
}

TEST_F(SagaRunnerTest, DecidesOnARefusalOfTheDomain) {
  runner.committed(row());
  world.asked[0].answer({});
  world.asked[1].refuse(kIllegalTransition);
  EXPECT_EQ(decisions, std::vector<std::string>{"reject"});
}

TEST_F(SagaRunnerTest, AsksAgainWhoGaveNoAnswer) {
  runner.committed(row());
  world.asked[0].refuse(kUnavailable);
  pass(0);
  EXPECT_EQ(world.asked.size(), 1u) << "it waits first";
  pass(10'000);
  ASSERT_EQ(world.asked.size(), 2u);
  EXPECT_EQ(asked(1), "hold");
  world.asked[1].answer({});
  EXPECT_EQ(asked(2), "pay");
}

TEST_F(SagaRunnerTest, TakesTheFirstOfTwoAnswers) {
  runner.committed(row());
  world.asked[0].answer({});
  world.asked[1].answer({});
  world.asked[1].refuse(kIllegalTransition);
  world.asked[0].answer({});
  EXPECT_EQ(decisions, std::vector<std::string>{"confirm"});
  EXPECT_EQ(world.asked.size(), 2u);
}

TEST_F(SagaRunnerTest, HandsTheDecisionOverAgainWhileTheSagaStaysOpen) {
  runner.committed(row());
  world.asked[0].answer({});
  world.asked[1].answer({});
  pass(1000);
  EXPECT_EQ(decisions.size(), 1u);
  pass(1000);
  EXPECT_EQ(decisions, (std::vector<std::string>{"confirm", "confirm"})) << "the first was lost";
  runner.erased(row().id);
  pass(10'000);
  EXPECT_EQ(decisions.size(), 2u);
  EXPECT_EQ(runner.size(), 0u);
}

TEST_F(SagaRunnerTest, DoesNothingForASagaThatWaits) {
  SagaRow waiting = row();
  waiting.waits = true;
  runner.committed(waiting);
  pass(60'000);
  EXPECT_TRUE(world.asked.empty());
  EXPECT_EQ(runner.size(), 1u);
}

TEST_F(SagaRunnerTest, StartsAnewWithANewLeadAndIgnoresRepliesOfTheOld) {
  runner.committed(row());
  runner.clear();
  runner.committed(row());
  ASSERT_EQ(world.asked.size(), 2u) << "asked again: the participant gives the same reply";
  world.asked[0].answer({});
  EXPECT_EQ(world.asked.size(), 2u);
  world.asked[1].answer({});
  EXPECT_EQ(world.asked.size(), 3u);
}

TEST_F(SagaRunnerTest, EndsASagaWhoseTimeIsOverAgainAndAgainUntilItIsClosed) {
  SagaRow ends = row();
  ends.until = after(world.time.now(), 60'000);
  ends.waits = true;
  runner.committed(ends);
  pass(59'999);
  EXPECT_TRUE(decisions.empty());
  pass(1);
  EXPECT_EQ(decisions, std::vector<std::string>{"give up"});
  pass(1000);
  EXPECT_EQ(decisions.size(), 1u);
  pass(1000);
  EXPECT_EQ(decisions.size(), 2u);
  runner.erased(ends.id);
  pass(60'000);
  EXPECT_EQ(decisions.size(), 2u);
}

TEST_F(SagaRunnerTest, KnowsTheOldest) {
  EXPECT_EQ(runner.oldest(), Time{0});
  const Time begun = world.time.now();
  runner.committed(row(1));
  world.time.advance_ms(5000);
  runner.committed(row(2));
  EXPECT_EQ(runner.oldest(), begun);
  runner.erased(row(1).id);
  EXPECT_EQ(runner.oldest(), after(begun, 5000));
}

}  // namespace
}  // namespace stoa
