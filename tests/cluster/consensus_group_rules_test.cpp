// The driver's rules for what goes on between replicas: snapshots, reads, changes of members, ticks.
#include <gmock/gmock.h>

#include "tests/cluster/three.hpp"

namespace stoa {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ConsensusRules, R7_OnlyASnapshotWhoseMembersNameTheFollowerIsSent) {
  Table first(1, voters({1})), newcomer(2);
  first.settle();
  first.flush();  // before the change
  const SnapshotOffer early{first.durable, first.members, "early"};
  ASSERT_TRUE(first.replica->change_members({{MemberChange::Kind::kAddLearner, 2}}));
  first.tick(3);
  Table::run({&first, &newcomer});
  first.replica->offer_snapshot(early);
  first.wishes.clear();
  first.tick();
  Table::run({&first, &newcomer});
  EXPECT_THAT(first.wishes, Contains(Field(&std::pair<ReplicaId, Index>::first, 2u))) << "asked for a newer one";
  EXPECT_EQ(newcomer.replica->applied().index, 0u);
  first.flush();
  first.replica->offer_snapshot({first.durable, first.members, "newer"});
  first.tick();
  first.settle();
  newcomer.settle();
  Table::run({&first, &newcomer});
  first.tick();
  Table::run({&first, &newcomer});
  EXPECT_EQ(newcomer.replica->applied(), first.replica->applied());
}

TEST(ConsensusRules, R7_ASnapshotThatFailedIsSentAgain) {
  Table first(1, voters({1})), newcomer(2);
  first.settle();
  first.replica->change_members({{MemberChange::Kind::kAddLearner, 2}});
  first.tick(2);
  Table::run({&first, &newcomer});
  first.flush();
  first.replica->offer_snapshot({first.durable, first.members, "data"});
  const auto snapshots_sent = [&] {
    size_t count = 0;
    for (int i = 0; i < 4; ++i) {
      first.tick();
      for (const Table::Sent& sent : std::exchange(first.sent, {})) {
        if (sent.offer) {
          ++count;
        } else {
          newcomer.replica->step(1, sent.message);
        }
      }
      newcomer.settle();
      Table::deliver(newcomer, first);
    }
    return count;
  };
  EXPECT_EQ(snapshots_sent(), 1u);
  EXPECT_EQ(snapshots_sent(), 0u) << "one at a time";
  first.replica->report_snapshot(2, false);
  EXPECT_EQ(snapshots_sent(), 1u);
}

TEST(ConsensusRules, R8_ReadsWaitForAnEntryOfTheLeadersTerm) {
  Table one(1, voters({1}));
  one.replica->pump();
  one.replica->read(1);
  one.replica->read(2);
  one.replica->pump();
  EXPECT_THAT(one.readable_ids, IsEmpty());
  EXPECT_THAT(one.lost_ids, IsEmpty());
  one.settle();
  EXPECT_THAT(one.readable_ids, ElementsAre(1, 2));
}

TEST(ConsensusRules, R8_AReadNeedsAMajorityThatConfirmsTheLead) {
  Three group;
  group.a.replica->read(1);
  group.a.replica->read(2);
  group.a.replica->pump();
  EXPECT_THAT(group.a.sent, SizeIs(2)) << "one round for both";
  EXPECT_THAT(group.a.readable_ids, IsEmpty());
  Table::run(group.all);
  EXPECT_THAT(group.a.readable_ids, ElementsAre(1, 2));
}

TEST(ConsensusRules, R8_ReadsAreLostWithTheLead) {
  Three group;
  group.a.replica->read(1);
  group.a.replica->pump();
  group.a.sent.clear();
  group.a.tick(25);  // nobody answers
  EXPECT_EQ(group.a.replica->role(), Role::kFollower);
  EXPECT_THAT(group.a.lost_ids, ElementsAre(1));
  group.b.replica->read(5);
  group.b.replica->pump();
  EXPECT_THAT(group.b.lost_ids, ElementsAre(5)) << "a follower does not read";
}

TEST(ConsensusRules, R8_ARoundWithoutAnAnswerIsAskedAgainUnderANewNumber) {
  ReadQueue queue;
  queue.ask(7);
  const uint64_t first = queue.start_round(2, 10);
  queue.restart_rounds_of(9);
  EXPECT_FALSE(queue.wants_round());
  queue.restart_rounds_of(10);
  ASSERT_TRUE(queue.wants_round());
  const uint64_t second = queue.start_round(2, 11);
  EXPECT_NE(first, second);
  queue.confirmed(2, first, 5);
  EXPECT_THAT(queue.take_readable(99), IsEmpty()) << "the first one's answer came too late";
  queue.confirmed(2, second, 6);
  EXPECT_THAT(queue.take_readable(5), IsEmpty());
  EXPECT_THAT(queue.take_readable(6), ElementsAre(7));
  EXPECT_TRUE(queue.idle());
}

TEST(ConsensusRules, R9_OnlyALearnerThatHasCaughtUpBecomesAVoter) {
  Table first(1, voters({1})), newcomer(2);
  first.settle();
  EXPECT_FALSE(first.replica->change_members({{MemberChange::Kind::kAddVoter, 2}}));
  ASSERT_TRUE(first.replica->change_members({{MemberChange::Kind::kAddLearner, 2}}));
  first.settle();
  EXPECT_FALSE(first.replica->change_members({{MemberChange::Kind::kAddVoter, 2}})) << "it has nothing yet";
  for (int i = 0; i < 6; ++i) {
    first.tick();
    Table::run({&first, &newcomer});
    first.flush();
    first.replica->offer_snapshot({first.durable, first.members, "data"});
  }
  EXPECT_TRUE(first.replica->change_members({{MemberChange::Kind::kAddVoter, 2}}));
  Table::run({&first, &newcomer});
  EXPECT_EQ(newcomer.members, voters({1, 2}));
}

// The newcomer, 2, is a learner that has all of the first one's log, and could not be reached just now.
void learn_all_and_be_unreachable(Table& first, Table& newcomer) {
  first.settle();
  ASSERT_TRUE(first.replica->change_members({{MemberChange::Kind::kAddLearner, 2}}));
  first.settle();
  first.flush();
  first.replica->offer_snapshot({first.durable, first.members, "data"});
  for (int i = 0; i < 6; ++i) {
    first.tick();
    Table::run({&first, &newcomer});
  }
  first.replica->unreachable(2);
}

// The core probes whoever was unreachable until it answers an append, and sends none where there is nothing to append.
TEST(ConsensusRules, R9_ALearnerOfAQuietGroupThatWasUnreachableBecomesAVoter) {
  Table first(1, voters({1})), newcomer(2);
  learn_all_and_be_unreachable(first, newcomer);
  EXPECT_FALSE(newcomer.members.is_voter(2));
  for (int i = 0; i < 12; ++i) {
    first.tick();
    Table::run({&first, &newcomer});
  }
  EXPECT_TRUE(first.replica->change_members({{MemberChange::Kind::kAddVoter, 2}}));
  Table::run({&first, &newcomer});
  EXPECT_EQ(newcomer.members, voters({1, 2}));
}

TEST(ConsensusRules, R9_ALearnerThatHasAllAndIsNotHeardOfBecomesNoVoter) {
  Table first(1, voters({1})), newcomer(2);
  learn_all_and_be_unreachable(first, newcomer);
  first.tick(2 * Consensus::kElectionTicks);
  EXPECT_FALSE(first.replica->change_members({{MemberChange::Kind::kAddVoter, 2}}));
}

TEST(ConsensusRules, R9_ALeaderHandsOverBeforeItIsRemoved) {
  Three group;
  EXPECT_FALSE(group.a.replica->change_members({{MemberChange::Kind::kRemove, 1}}));
  group.a.replica->transfer_lead(2);
  Table::run(group.all);
  ASSERT_TRUE(group.b.replica->leads_ready());
  ASSERT_TRUE(group.b.replica->change_members({{MemberChange::Kind::kRemove, 1}}));
  Table::run(group.all);
  group.b.tick();
  Table::run(group.all);
  ASSERT_FALSE(group.a.members.contains(1));
  const Term term = group.a.replica->term();
  group.a.tick(100);
  group.a.settle();
  EXPECT_EQ(group.a.replica->term(), term) << "a removed replica disturbs nobody";
  EXPECT_THAT(group.a.sent, IsEmpty());
}

// Of four voters the fourth was removed: the change is committed by the first, the second and the fourth, and so far
// only the first knows. The third has heard nothing.
struct JustRemoved {
  Table a{1, voters({1, 2, 3, 4})}, b{2, voters({1, 2, 3, 4})}, c{3, voters({1, 2, 3, 4})}, d{4, voters({1, 2, 3, 4})};

  JustRemoved() {
    a.elect({&a, &b, &c, &d});
    STOA_CHECK(a.replica->change_members({{MemberChange::Kind::kRemove, 4}}), "a leader may remove a voter");
    a.settle();
    for (Table* other : {&b, &d}) {
      Table::deliver(a, *other);
      other->settle();
      Table::deliver(*other, a);
    }
    a.sent.clear();
    a.settle();
    a.sent.clear();
    b.sent.clear();
  }
  // The first one is lost, and the removed one destroyed.
  bool the_others_elect() {
    for (int ticks = 0; ticks < 200 && !b.replica->leads_ready() && !c.replica->leads_ready(); ++ticks) {
      for (Table* table : {&b, &c}) table->tick();
      Table::run({&b, &c});
    }
    return b.replica->leads_ready() || c.replica->leads_ready();
  }
};

TEST(ConsensusRules, R9_WhoWasRemovedIsNeededUntilAMajorityKnows) {
  JustRemoved group;
  ASSERT_EQ(group.a.members, voters({1, 2, 3}));
  EXPECT_FALSE(group.a.replica->members_known());
  EXPECT_FALSE(group.the_others_elect()) << "then it need not be waited for";
}

TEST(ConsensusRules, R9_AnEntryProposedAfterwardsMakesTheMembersKnown) {
  JustRemoved group;
  ASSERT_TRUE(group.a.propose("after"));
  EXPECT_FALSE(group.a.replica->members_known());
  Table::run({&group.a, &group.b});
  EXPECT_TRUE(group.a.replica->members_known());
  for (Table* table : {&group.b, &group.c}) table->crash(), table->boot();
  EXPECT_TRUE(group.the_others_elect());
}

// Had the removed one gone at once, or its clock stopped, nobody could ever lead again: the other one has forgotten the
// commit and takes both for voters.
TEST(ConsensusRules, R9_ARemovedReplicaVotesForThoseWhoForgotItsRemoval) {
  Table a(1, voters({1, 2})), b(2, voters({1, 2}));
  a.elect({&a, &b});
  ASSERT_TRUE(a.replica->change_members({{MemberChange::Kind::kRemove, 2}}));
  a.replica->pump();
  a.store();
  Table::deliver(a, b);
  b.settle();
  Table::deliver(b, a);  // commits
  a.tick();
  Table::deliver(a, b);
  b.settle();
  ASSERT_FALSE(b.members.contains(2));
  ASSERT_TRUE(a.members.contains(2));
  a.crash();
  b.sent.clear();
  a.boot();
  for (int i = 0; i < 60 && !a.replica->leads_ready(); ++i) {
    a.tick();
    b.tick();
    Table::run({&a, &b});
  }
  EXPECT_TRUE(a.replica->leads_ready());
  EXPECT_EQ(a.members, voters({1}));
}

TEST(ConsensusRules, R10_AFollowerThatHearsItsLeaderKeepsItAndOneThatDoesNotAsksFirst) {
  Three group;
  const Term term = group.a.replica->term();
  group.c.tick(200);  // cut off: it asks before it raises the term
  group.c.settle();
  group.c.sent.clear();
  EXPECT_EQ(group.c.replica->term(), term);
  group.a.tick();
  Table::run(group.all);
  EXPECT_EQ(group.c.replica->leader(), 1u);
  EXPECT_EQ(group.a.replica->role(), Role::kLeader);
}

TEST(ConsensusRules, R10_AFollowerThatLostItsLeaderSeeksAnotherWithoutWaitingForTheTimeout) {
  Three group;
  const Term before = group.a.replica->term();
  std::vector<Table*> left{&group.b, &group.c};
  for (Table* one : left) one->replica->unreachable(1);
  for (int ticks = 0; ticks < 2; ++ticks) {
    for (Table* one : left) one->tick();
    Table::run(left);
  }
  EXPECT_EQ(group.b.replica->role(), Role::kLeader) << "and not both at once";
  EXPECT_EQ(group.b.replica->term(), before + 1);
}

TEST(ConsensusRules, R10_AFollowerThatAloneLostItsLeaderTakesItFromNobody) {
  Three group;
  const Term before = group.a.replica->term();
  group.b.replica->unreachable(1);
  for (int ticks = 0; ticks < 30; ++ticks) {
    for (Table* one : group.all) one->tick();
    Table::run({&group.b, &group.c});
    Table::run({&group.a, &group.c});
  }
  EXPECT_EQ(group.a.replica->role(), Role::kLeader);
  EXPECT_EQ(group.a.replica->term(), before);
}

TEST(ConsensusRules, R10_ALostNodeThatDidNotLeadChangesNothing) {
  Three group;
  group.b.replica->unreachable(3);
  EXPECT_EQ(group.b.replica->leader(), 1u);
}

TEST(ConsensusRules, R10_ALeaderWithoutAMajorityStepsDown) {
  Three group;
  group.a.tick(21);
  EXPECT_EQ(group.a.replica->role(), Role::kFollower);
  EXPECT_FALSE(group.a.replica->propose("a"));
}

TEST(ConsensusRules, R10_AQuietGroupOfOneNeedsNoTicks) {
  Table one(1, voters({1}));
  EXPECT_TRUE(one.replica->needs_ticks());
  one.settle();
  EXPECT_FALSE(one.replica->needs_ticks());
  one.replica->change_members({{MemberChange::Kind::kAddLearner, 2}});
  one.settle();
  EXPECT_TRUE(one.replica->needs_ticks()) << "a follower wants heartbeats";
}

}  // namespace
}  // namespace stoa
