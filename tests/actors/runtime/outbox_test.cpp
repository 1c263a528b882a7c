#include "actors/runtime/outbox.hpp"

#include <gtest/gtest.h>

#include "actors/runtime/retry.hpp"
#include "tests/actors/runtime/asked_world.hpp"

namespace stoa {
namespace {

class OutboxTest : public testing::Test {
 protected:
  OutboxRow row(uint64_t number) {
    return {Uuid{number, 1}, {3, 77, "Commit", "payload " + std::to_string(number)}, "trace", {}};
  }
  void commit(OutboxRow row) {
    outbox.committed(std::move(row));
    outbox.flush();
  }
  void pass(int64_t ms) {
    world.time.advance_ms(ms);
    outbox.tick();
  }

  AskedWorld world;
  Outbox outbox{world};
};

TEST_F(OutboxTest, SendsWhatIsCommittedOnceAsAService) {
  commit(row(1));
  commit(row(1));
  ASSERT_EQ(world.asked.size(), 1u);
  const auto& sent = world.asked.front();
  EXPECT_EQ(sent.service, 3);
  EXPECT_EQ(sent.slot, 77);
  EXPECT_EQ(sent.command, "Commit");
  EXPECT_EQ(sent.payload, "payload 1");
  EXPECT_EQ(sent.call.trace_id, "trace");
  EXPECT_TRUE(sent.call.caller.is(UserRole::kService));
  EXPECT_EQ(sent.call.deadline, after(world.time.now(), kAskDeadlineMs));
}

TEST_F(OutboxTest, TakesARefusalOfTheDomainForAnAnswer) {
  commit(row(1));
  commit(row(2));
  world.asked[0].answer({});
  world.asked[1].refuse(kIllegalTransition);
  EXPECT_EQ(outbox.take_acked(), (std::vector<Uuid>{row(1).id, row(2).id}));
  EXPECT_FALSE(outbox.has_acked());
}

TEST_F(OutboxTest, RepeatsWhatNobodyAnswered) {
  commit(row(1));
  for (const RefusalKind kind : {kNotLeader, kUnknownFate, kOverloaded, kUnavailable, kStorageFull}) {
    world.asked.back().refuse(kind);
    EXPECT_FALSE(outbox.has_acked());
    const size_t before = world.asked.size();
    pass(0);
    EXPECT_EQ(world.asked.size(), before) << "it waits first";
    pass(10'000);
    ASSERT_EQ(world.asked.size(), before + 1);
    EXPECT_EQ(world.asked.back().payload, "payload 1");
  }
  world.asked.back().answer({});
  EXPECT_TRUE(outbox.has_acked());
}

TEST_F(OutboxTest, DoesNotRepeatWhatIsOnItsWayOrAnswered) {
  commit(row(1));
  commit(row(2));
  world.asked[1].answer({});
  pass(60'000);
  EXPECT_EQ(world.asked.size(), 2u);
}

TEST_F(OutboxTest, GivesBackAcknowledgementsThatWereNotWrittenDown) {
  commit(row(1));
  world.asked[0].answer({});
  outbox.give_back(outbox.take_acked());
  EXPECT_EQ(outbox.take_acked(), std::vector<Uuid>{row(1).id});
}

TEST_F(OutboxTest, SendsOnlyWhenItIsTold) {
  outbox.committed(row(1));
  EXPECT_TRUE(world.asked.empty());
  outbox.flush();
  outbox.flush();
  EXPECT_EQ(world.asked.size(), 1u);
}

TEST_F(OutboxTest, CountsARowAsAnsweredWhenAllItsMessagesAre) {
  OutboxRow both = row(1);
  both.add({4, 78, "Release", "other"});
  commit(both);
  ASSERT_EQ(world.asked.size(), 2u);
  EXPECT_EQ(world.asked[1].service, 4);
  EXPECT_EQ(world.asked[1].command, "Release");
  world.asked[1].answer({});
  world.asked[1].answer({});
  EXPECT_FALSE(outbox.has_acked());
  world.asked[0].refuse(kUnavailable);
  pass(10'000);
  ASSERT_EQ(world.asked.size(), 3u) << "only what was not answered is repeated";
  EXPECT_EQ(world.asked[2].command, "Commit");
  world.asked[2].answer({});
  EXPECT_EQ(outbox.take_acked(), std::vector<Uuid>{row(1).id});
}

TEST_F(OutboxTest, ForgetsWhatIsErasedAndEverythingWithTheLead) {
  commit(row(1));
  commit(row(2));
  EXPECT_EQ(outbox.size(), 2u);
  outbox.erased(row(1).id);
  EXPECT_EQ(outbox.size(), 1u);
  outbox.clear();
  EXPECT_EQ(outbox.size(), 0u);
  // Of an earlier lead: they must not count for the row that the next lead sends anew.
  commit(row(2));
  world.asked[1].answer({});
  EXPECT_FALSE(outbox.has_acked());
  world.asked[2].answer({});
  EXPECT_TRUE(outbox.has_acked());
}

}  // namespace
}  // namespace stoa
