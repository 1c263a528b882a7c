// What a shard of several replicas owes to those who wait while its lead is handed over, and does not lose meanwhile.
#include <deque>
#include <gtest/gtest.h>

#include "tests/actors/runtime/group_of_three.hpp"

namespace stoa {
namespace {

using Member = GroupOfThree::Member;

class ShardLead : public testing::Test {
 protected:
  // What it returns is filled when the answer comes, and lives as long as the test.
  template <class C>
  std::optional<Answer>* begin(C command, Call call = {}) {
    call.deadline = after(leader.time.now(), 60'000);
    std::optional<Answer>* const answer = &answers_.emplace_back();
    leader.shard->submit(std::move(call), AnyCommand::of(std::move(command)),
                         [answer](Reply reply) { *answer = std::move(reply.answer); });
    group.run();
    return answer;
  }
  template <class C>
  Answer must(C command) {
    auto* const answer = begin(std::move(command));
    STOA_CHECK(answer->has_value(), "it is answered");
    return **answer;
  }
  // The core refuses every proposal while it waits for a heir that does not hear it; after an election timeout it goes
  // on leading.
  void hand_over_to_the_deaf() {
    const ReplicaId heir = leader.id == 3 ? 1 : 3;
    group.cut(heir);
    leader.shard->transfer_lead(heir);
    group.run();
    const Answer refused = must(Add{"probe", 1});
    ASSERT_EQ(refused.code, "not_leader");
    ASSERT_TRUE(leader.shard->leads());
  }
  void until_it_proposes_again() {
    for (int ticks = 0; ticks < 30 && must(Add{"probe", 1}).refused(); ++ticks) group.tick();
    ASSERT_TRUE(leader.shard->leads());
    group.tick();
  }
  template <class R>
  size_t count() const {
    size_t rows = 0;
    leader.reader().scan<R>(std::tuple<>(), false, [&](const R&) { return ++rows, true; });
    return rows;
  }

  std::deque<std::optional<Answer>> answers_;
  GroupOfThree group;
  Member& leader = group.elect();
};

TEST_F(ShardLead, AppliesTheSameAtEveryReplica) {
  EXPECT_FALSE(must(Add{"a", 5}).refused());
  group.tick();
  for (ReplicaId id = 1; id <= 3; ++id) {
    EXPECT_EQ(group.member(id).reader().find<counter::Counter>(std::string("a"))->value, 5) << id;
  }
}

TEST_F(ShardLead, KeepsItsLogForWhoStaysBehindWhileAFollowerKeepsLittle) {
  const ReplicaId behind = leader.id == 3 ? 1 : 3;
  Member& follower = group.member(6 - leader.id - behind);
  group.cut(behind);
  const Index first = leader.shard->replica().first_index();
  for (Index i = 0; i < kKeptByFollowers + 100; ++i) EXPECT_FALSE(must(Add{"a", 1}).refused());
  group.tick();  // the follower hears of the last commit
  for (Member* member : {&leader, &follower}) member->make_durable(group);
  EXPECT_LE(leader.shard->replica().first_index(), first + 1);  // it has the first of them
  EXPECT_EQ(follower.shard->replica().first_index(), follower.shard->replica().applied().index - kKeptByFollowers + 1);
  group.mend();
  for (int ticks = 0; ticks < 10; ++ticks) group.tick();
  EXPECT_EQ(group.member(behind).shard->replica().applied().index, leader.shard->replica().applied().index);
}

TEST_F(ShardLead, FiresATimerThatCameDueWhileNothingCouldBeProposed) {
  ASSERT_FALSE(must(AddLater{{"a", 3}, 200}).refused());
  hand_over_to_the_deaf();
  for (int ticks = 0; ticks < 4; ++ticks) group.tick();
  ASSERT_EQ(must(Add{"probe", 1}).code, "not_leader") << "it is due, and could not be proposed";
  until_it_proposes_again();
  EXPECT_EQ(count<TimerRow>(), 0u);
  EXPECT_EQ(must(Show{"a"}).body, R"({"name":"a","value":3})");
}

TEST_F(ShardLead, ErasesAMessageThatWasAcknowledgedWhileNothingCouldBeProposed) {
  auto* const moved = begin(Move{Uuid{7, 7}, "from", "to", 4});
  ASSERT_EQ(leader.asked.size(), 1u);
  leader.asked[0].answer({});  // taken
  group.run();
  ASSERT_TRUE(moved->has_value());
  ASSERT_EQ(leader.asked.size(), 2u) << "the other half, from the outbox";
  ASSERT_EQ(count<OutboxRow>(), 1u);
  hand_over_to_the_deaf();
  leader.asked[1].answer({});
  group.run();
  ASSERT_EQ(count<OutboxRow>(), 1u);
  until_it_proposes_again();
  EXPECT_EQ(count<OutboxRow>(), 0u);
  EXPECT_EQ(leader.asked.size(), 2u) << "it is not sent again";
}

TEST_F(ShardLead, AnswersAWaitThatRanOutWhileNothingCouldBeProposed) {
  Call patient;
  patient.request = RequestId::mint(leader.time.now(), 0, leader.dice);
  patient.wait_ms = 300;
  auto* const moved = begin(Move{Uuid{7, 7}, "from", "to", 4}, patient);
  hand_over_to_the_deaf();
  for (int ticks = 0; ticks < 4; ++ticks) group.tick();
  ASSERT_FALSE(moved->has_value());
  until_it_proposes_again();
  ASSERT_TRUE(moved->has_value());
  EXPECT_EQ(static_cast<Done>((*moved)->done), Done::kAccepted);
}

TEST_F(ShardLead, DecidesASagaThatWasReadyWhileNothingCouldBeProposed) {
  auto* const moved = begin(Move{Uuid{7, 7}, "from", "to", 4});
  hand_over_to_the_deaf();
  leader.asked[0].answer({});
  group.run();
  ASSERT_FALSE(moved->has_value());
  until_it_proposes_again();
  ASSERT_TRUE(moved->has_value());
  EXPECT_EQ(static_cast<Done>((*moved)->done), Done::kCreated);
}

TEST_F(ShardLead, TellsWhoWaitedWhenAnotherLeads) {
  Member& old = leader;
  auto* const lost = [&] {
    group.cut(old.id);
    return begin(Add{"a", 5});
  }();
  EXPECT_FALSE(lost->has_value()) << "no quorum, no answer";
  for (int ticks = 0; ticks < 60 && old.shard->leads(); ++ticks) group.tick();
  ASSERT_FALSE(old.shard->leads());
  EXPECT_EQ((*lost)->code, "unknown_fate");
}

}  // namespace
}  // namespace stoa
