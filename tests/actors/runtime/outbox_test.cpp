#include "actors/runtime/outbox.hpp"

#include <gtest/gtest.h>

#include "actors/runtime/retry.hpp"
#include "tests/actors/runtime/asked_world.hpp"

namespace stoa {
namespace {

class OutboxTest : public testing::Test {
 protected:
  OutboxRow row(uint64_t number) {
    return {Uuid{number, 1}, 3, 77, "Commit", "payload " + std::to_string(number), "trace"};
  }
  void pass(int64_t ms) {
    world.time.advance_ms(ms);
    outbox.tick();
  }

  AskedWorld world;
  int acks = 0;
  Outbox outbox{world, [this] { ++acks; }};
};

TEST_F(OutboxTest, SendsWhatIsCommittedOnceAsAService) {
  outbox.committed(row(1));
  outbox.committed(row(1));
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
  outbox.committed(row(1));
  outbox.committed(row(2));
  world.asked[0].answer({});
  world.asked[1].refuse(kIllegalTransition);
  EXPECT_EQ(acks, 2);
  EXPECT_EQ(outbox.take_acked(), (std::vector<Uuid>{row(1).id, row(2).id}));
  EXPECT_FALSE(outbox.has_acked());
}

TEST_F(OutboxTest, RepeatsWhatNobodyAnswered) {
  outbox.committed(row(1));
  for (const RefusalKind kind : {kNotLeader, kUnknownFate, kOverloaded, kUnavailable, kStorageFull}) {
    world.asked.back().refuse(kind);
    EXPECT_EQ(acks, 0);
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
  outbox.committed(row(1));
  outbox.committed(row(2));
  world.asked[1].answer({});
  pass(60'000);
  EXPECT_EQ(world.asked.size(), 2u);
}

TEST_F(OutboxTest, GivesBackAcknowledgementsThatWereNotWrittenDown) {
  outbox.committed(row(1));
  world.asked[0].answer({});
  outbox.give_back(outbox.take_acked());
  EXPECT_EQ(outbox.take_acked(), std::vector<Uuid>{row(1).id});
}

TEST_F(OutboxTest, ForgetsWhatIsErasedAndEverythingWithTheLead) {
  outbox.committed(row(1));
  outbox.committed(row(2));
  EXPECT_EQ(outbox.size(), 2u);
  outbox.erased(row(1).id);
  EXPECT_EQ(outbox.size(), 1u);
  outbox.clear();
  EXPECT_EQ(outbox.size(), 0u);
  // Of an earlier lead: they must not count for the row that the next lead sends anew.
  outbox.committed(row(2));
  world.asked[1].answer({});
  EXPECT_FALSE(outbox.has_acked());
  world.asked[2].answer({});
  EXPECT_TRUE(outbox.has_acked());
}

}  // namespace
}  // namespace stoa
