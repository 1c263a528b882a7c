// Actors of CAF's own scheduler and a shard pinned to a loop, each stepped by hand: what passes between them, and when.
#include "actors/runtime/shard_actor.hpp"

#include <caf/scheduler/test_coordinator.hpp>
#include <gtest/gtest.h>

#include "tests/actors/runtime/node_of_one.hpp"

namespace stoa {
namespace {

class ShardActorTest : public testing::Test {
 protected:
  ~ShardActorTest() override { others().run(); }

  caf::scheduler::test_coordinator& others() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(node.system().scheduler());
  }
  const ShardHost::Hosted& hosted() { return *node.host().shards().front(); }

  // An ordinary actor that asks the shard `count` times and ends with the last answer.
  template <class C>
  void spawn_customer(C command, Call call = {}, size_t count = 1) {
    if (call.deadline.ms == 0) call.deadline = after(disk.clock.now(), 10'000);
    const auto shard = caf::actor_cast<counter::Api>(hosted().actor);
    node.system().spawn([=](caf::event_based_actor* self) {
      for (size_t i = 0; i < count; ++i) {
        self->request(shard, caf::infinite, call, command)
            .then([this](Reply& reply) { replies.push_back(std::move(reply)); },
                  [this](caf::error& error) { errors.push_back(error); });
      }
    });
  }

  MemoryDisk1 disk;
  std::vector<Reply> replies;
  std::vector<caf::error> errors;
  NodeOfOne node{disk, 1, "testing"};
};

TEST_F(ShardActorTest, AnswersAnActorElsewhereAfterTheCommit) {
  spawn_customer(Add{"a", 5});
  others().run();
  EXPECT_EQ(hosted().probe->depth(), 1u) << "it waits for the loop, not for the scheduler";
  const Index before = hosted().shard->replica().applied().index;
  while (node.step()) continue;
  EXPECT_EQ(hosted().shard->replica().applied().index, before + 1);
  EXPECT_TRUE(replies.empty()) << "the answer waits for the customer's own turn";
  others().run();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].answer.body, R"({"name":"a","value":5})");
}

TEST_F(ShardActorTest, PutsWhatCameMeanwhileIntoOneBatch) {
  spawn_customer(Add{"a", 1}, {}, 50);
  others().run();
  const uint64_t batches = hosted().shard->gauges().batches;
  while (node.step()) continue;
  others().run();
  EXPECT_EQ(replies.size(), 50u);
  EXPECT_EQ(hosted().shard->gauges().batches, batches + 1);
}

TEST_F(ShardActorTest, DropsWorkWhoseDeadlinePassedOnTheWay) {
  Call call;
  call.deadline = after(disk.clock.now(), 1000);
  spawn_customer(Add{"a", 5}, call);
  others().run();
  disk.clock.advance_ms(1001);
  while (node.step()) continue;
  others().run();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].answer.code, "unavailable");
  EXPECT_EQ(node.call(0, Show{"a"})->code, "not_found");
}

TEST_F(ShardActorTest, BouncesRequestsThatItsMailboxDoesNotHold) {
  constexpr size_t kTooMany = 10;
  constexpr size_t kHeld = Inspected<caf::event_based_actor>::kMaxDepth;
  spawn_customer(Add{"a", 0}, {}, kHeld + kTooMany);
  others().run();
  EXPECT_EQ(errors.size(), kTooMany) << "at once, without the loop";
  for (const caf::error& error : errors) EXPECT_EQ(error, caf::sec::runtime_error);
  while (node.step()) continue;
  others().run();
  EXPECT_EQ(replies.size(), kHeld);
  EXPECT_EQ(hosted().probe->depth(), 0u);
}

}  // namespace
}  // namespace stoa
