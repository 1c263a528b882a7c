// What the consensus core would do wrong if its bridge or its driver let it.
#include <gmock/gmock.h>
#include <set>

#include "tests/cluster/core_bench.hpp"

namespace stoa {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

CoreSetup one_of(std::vector<ReplicaId> ids) {
  CoreSetup setup;
  setup.members = voters(std::move(ids));
  return setup;
}

TEST(ConsensusTraps, A_ARemovedLeaderStepsDown) {
  CoreBench bench(one_of({1, 2}));
  bench.win({2});
  bench.acknowledge(2, 2);
  bench.take();
  ASSERT_TRUE(bench.core.propose_changes({{MemberChange::Kind::kRemove, 1}}));
  bench.take();
  bench.acknowledge(2, 3);
  bench.take();
  ASSERT_EQ(bench.members, voters({2}));
  EXPECT_EQ(bench.core.status().role, 0u);
  for (int i = 0; i < 50; ++i) {  // as a leader it would miss its own progress here
    bench.core.tick();
    bench.take();
  }
}

TEST(ConsensusTraps, B_NothingHappensWhileASnapshotIsInstalled) {
  CoreSetup setup;
  setup.id = 3;
  setup.base = {};
  setup.applied = setup.commit = 0;
  CoreBench bench(setup);
  WireMessage snapshot = CoreBench::answer(Wire::kSnapshot, 1, 4);
  snapshot.snapshot = {2, 10};
  ASSERT_TRUE(bench.step(snapshot));
  EXPECT_EQ(bench.core.status().blocked, 1u) << "from the message on";
  ReadyView ready;
  bench.core.ready(ready);
  ASSERT_EQ(ready.snapshot.index, 10u);
  for (int i = 0; i < 100; ++i) {
    bench.core.tick();
  }
  EXPECT_FALSE(bench.step(CoreBench::answer(Wire::kTimeoutNow, 1, 4)));
  bench.core.campaign();
  EXPECT_EQ(bench.core.status().role, 0u);
  bench.core.persisted(ready.number);
  EXPECT_EQ(bench.core.status().blocked, 1u) << "durable, not applied";
  bench.core.applied(10);
  EXPECT_EQ(bench.core.status().blocked, 0u);
  EXPECT_LT(bench.ticks_to_campaign(), 20);
}

TEST(ConsensusTraps, C_SoleVoterSendsNothingBeforeItsTermIsDurable) {
  Members members = voters({1});
  members.learners = {2};
  Table one(1, members);
  one.replica->pump();
  ASSERT_EQ(one.replica->role(), Role::kLeader);
  EXPECT_THAT(one.sent, IsEmpty());
  one.crash();
  one.boot();
  one.replica->pump();
  EXPECT_EQ(one.replica->term(), 2u) << "the term is used again: nobody may have heard of its first use";
  EXPECT_THAT(one.sent, IsEmpty());
  one.store();
  EXPECT_THAT(one.sent, Not(IsEmpty()));
}

TEST(ConsensusTraps, D_ProposalsAreNeverForwarded) {
  CoreBench follower(one_of({1, 2, 3}));
  ASSERT_TRUE(follower.step(CoreBench::answer(Wire::kHeartbeat, 2, 2)));
  follower.take();
  follower.sent.clear();
  EXPECT_FALSE(follower.core.propose("a"));
  EXPECT_FALSE(follower.core.read(2, 1));
  follower.core.transfer(3);
  follower.take();
  EXPECT_THAT(follower.sent, IsEmpty());

  CoreBench leader(one_of({1, 2, 3}));
  leader.win({2});
  leader.acknowledge(2, 2);
  leader.take();
  const Index last = leader.core.status().last;
  for (const Wire type : {Wire::kPropose, Wire::kReadIndex, Wire::kTransfer}) {
    WireMessage m = CoreBench::answer(type, 2, 2);
    m.entries = {{0, 0, 0, "a"}};
    EXPECT_FALSE(leader.step(m));
  }
  EXPECT_EQ(leader.core.status().last, last);
}

TEST(ConsensusTraps, E_ElectionTimeoutsComeFromTheSeed) {
  std::set<int> seen;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    CoreSetup setup = one_of({1, 2, 3});
    setup.seed = seed;
    CoreBench once(setup), again(setup);
    const int ticks = once.ticks_to_campaign();
    EXPECT_EQ(ticks, again.ticks_to_campaign()) << "seed " << seed;
    EXPECT_GE(ticks, 10);
    EXPECT_LT(ticks, 20);
    seen.insert(ticks);
  }
  EXPECT_THAT(seen, SizeIs(Gt(5u)));
}

TEST(ConsensusTraps, F_ALateRejectionDoesNotMoveTheNextIndexBelowTheMatch) {
  CoreSetup setup = one_of({1, 2, 3});
  setup.log = {{2, 1, 0, "a"}, {3, 1, 0, "b"}, {4, 1, 0, "c"}};
  CoreBench bench(setup);
  bench.win({2});
  bench.acknowledge(2, 5);
  bench.take();
  bench.core.unreachable(2);  // to probing
  WireMessage late = CoreBench::answer(Wire::kAppendResponse, 2, bench.core.status().term);
  late.index = 5;
  late.reject = true;
  late.reject_hint = 1;
  late.log_term = 1;
  bench.step(late);
  CoreProgress at{};
  ASSERT_TRUE(bench.core.progress(2, at));
  EXPECT_EQ(at.matched, 5u);
  EXPECT_GT(at.next, at.matched);
}

TEST(ConsensusTraps, F_WhatWasAppliedIsNotHandedOutAgain) {
  CoreSetup setup = one_of({1, 2, 3});
  setup.log = {{2, 1, 0, "a"}, {3, 1, 0, "b"}, {4, 1, 0, "c"}};
  setup.applied = 3;
  setup.commit = 4;
  CoreBench bench(setup);
  bench.take();
  EXPECT_THAT(bench.committed, ElementsAre(4));
}

TEST(ConsensusTraps, G_GroupsDoNotReachTheParser) {
  CoreBench bench(one_of({1, 2, 3}));
  WireMessage heartbeat = CoreBench::answer(Wire::kHeartbeat, 2, 2);
  heartbeat.to = 1;
  const std::string begin = "\x8b\x01", end = "\x8c\x01";
  EXPECT_FALSE(bench.core.step(2, heartbeat.encode() + begin + end)) << "not even a harmless one";
  std::string deep;
  for (int i = 0; i < 1 << 21; ++i) {
    deep += begin;
  }
  EXPECT_FALSE(bench.core.step(2, heartbeat.encode() + deep));
  std::string inside = heartbeat.encode();
  protozero::pbf_writer(inside).add_bytes(9, deep);
  EXPECT_FALSE(bench.core.step(2, inside));
  EXPECT_TRUE(bench.core.step(2, heartbeat.encode()));
}

TEST(ConsensusTraps, H_MessagesForAnotherReplicaAreDropped) {
  CoreBench bench(one_of({1, 2, 3}));
  WireMessage heartbeat = CoreBench::answer(Wire::kHeartbeat, 2, 2);
  heartbeat.to = 7;
  heartbeat.commit = 50;  // known to the replica that was here before
  EXPECT_FALSE(bench.step(heartbeat));
  WireMessage lying = CoreBench::answer(Wire::kHeartbeat, 2, 2);
  lying.to = 1;
  EXPECT_FALSE(bench.core.step(3, lying.encode())) << "sent by another than it says";
  EXPECT_EQ(bench.core.status().term, 1u);
}

TEST(ConsensusTraps, I_ANewReplicaStartsFromASnapshotAndNeverBelievesItselfAlone) {
  Table first(1, voters({1})), newcomer(2);
  newcomer.tick(1000);
  newcomer.settle();
  EXPECT_EQ(newcomer.replica->role(), Role::kFollower);
  EXPECT_EQ(newcomer.replica->term(), 0u);

  first.settle();
  ASSERT_TRUE(first.replica->change_members({{MemberChange::Kind::kAddLearner, 2}}));
  for (int i = 0; i < 5 && first.wishes.empty(); ++i) {
    first.tick();
    Table::run({&first, &newcomer});
  }
  ASSERT_THAT(first.wishes, Not(IsEmpty())) << "the log begins behind the birth";
  EXPECT_EQ(newcomer.replica->last_index(), 0u) << "not one entry reaches it otherwise";
  first.flush();
  first.replica->offer_snapshot({first.durable, first.members, "all of it"});
  for (int i = 0; i < 5; ++i) {
    first.tick();
    Table::run({&first, &newcomer});
  }
  EXPECT_EQ(newcomer.replica->applied(), first.replica->applied());
  EXPECT_EQ(newcomer.replica->members(), first.members);
}

// Left on, the core glues the entries that a rejection asks for to a waiting empty append of a later index.
TEST(ConsensusTraps, J_AppendsAreNotGluedToMessagesOfAnotherIndex) {
  CoreBench bench(one_of({1, 2, 3}));
  bench.win({2, 3});
  bench.acknowledge(2, 2);
  bench.acknowledge(3, 2);
  bench.core.propose("a");
  bench.core.propose("b");
  bench.core.propose("c");
  bench.take();
  bench.acknowledge(2, 3);
  bench.take();
  bench.sent.clear();
  bench.acknowledge(3, 5);  // commits: an append of nothing but the commit index waits for 2
  WireMessage rejection = CoreBench::answer(Wire::kAppendResponse, 2, bench.core.status().term);
  rejection.index = 5;
  rejection.reject = true;
  rejection.reject_hint = 3;
  rejection.log_term = bench.core.status().term;
  bench.step(rejection);
  bench.take();
  bool asked_for = false;
  for (const WireMessage& m : bench.sent) {
    if (m.type == Wire::kAppend && !m.entries.empty()) {
      EXPECT_EQ(m.entries.front().index, m.index + 1);
      asked_for = asked_for || m.to == 2;
    }
  }
  EXPECT_TRUE(asked_for);
}

TEST(ConsensusTraps, K_ASoleVoterLeadsAgainOnlyWhenItsLogIsDurable) {
  Members members = voters({1});
  members.learners = {2};
  Table one(1, members);
  one.settle();
  one.propose("a");
  ASSERT_THAT(one.writes, SizeIs(1));
  WireMessage higher = CoreBench::answer(Wire::kAppendResponse, 2, 9);
  higher.to = 1;
  one.replica->step(2, higher.encode());
  one.replica->pump();
  EXPECT_EQ(one.replica->role(), Role::kFollower);
  one.tick(50);
  EXPECT_EQ(one.replica->role(), Role::kFollower);
  one.settle();
  EXPECT_TRUE(one.replica->leads_ready());
  EXPECT_EQ(one.replica->term(), 10u);
  EXPECT_THAT(one.applied_data(), ElementsAre("a"));
}

}  // namespace
}  // namespace stoa
