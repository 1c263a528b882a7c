// The rules by which the driver keeps the core safe; each of these breaks when its rule is left out.
#include <gmock/gmock.h>

#include "tests/cluster/core_bench.hpp"
#include "tests/cluster/three.hpp"

namespace stoa {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<ReplicaId> receivers(const Table& table) {
  std::vector<ReplicaId> out;
  for (const Table::Sent& sent : table.sent) {
    out.push_back(sent.to);
  }
  return out;
}

TEST(ConsensusRules, R1_SeveralWritesAreInFlightAndBounded) {
  Table one(1, voters({1}));
  one.settle();
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(one.propose(std::to_string(i)));
  }
  EXPECT_THAT(one.writes, SizeIs(8));
  one.settle();
  EXPECT_THAT(one.applied_data(), SizeIs(20));
}

TEST(ConsensusRules, R1_ACallFromThePortIsABrokenInvariant) {
  struct Meddler final : ReplicaPort {
    Replica* replica = nullptr;
    void persist(std::vector<JournalRecord>, uint64_t) override { replica->pump(); }
    void send(ReplicaId, std::string) override {}
    void apply(const CommittedEntry&) override {}
    void members_changed(const Members&, Index) override {}
    void lead_changed(Role, Term, ReplicaId) override {}
    void readable(uint64_t) override {}
    void read_lost(uint64_t) override {}
    void snapshot_wanted(ReplicaId, Index) override {}
    void send_snapshot(ReplicaId, std::string, const SnapshotOffer&) override {}
    void install(const SnapshotOffer&, std::vector<JournalRecord>, uint64_t) override {}
  } meddler;
  ReplicaBoot boot{{1, 1}, 1, {1, {1, 1}, {1, 0, 1}, {}}, {1, 1}, voters({1})};
  Replica replica(boot, meddler);
  meddler.replica = &replica;
  EXPECT_DEATH(replica.pump(), "a port calls back");
}

TEST(ConsensusRules, R2_AWriteIsDoneOnlyAfterAllEarlierOnes) {
  Table one(1, voters({1}));
  one.settle();
  one.propose("a");
  one.propose("b");
  one.propose("c");
  ASSERT_THAT(one.writes, SizeIs(3));
  EXPECT_LT(one.writes[0].ticket, one.writes[1].ticket);
  one.store(1);
  EXPECT_THAT(one.applied_data(), ElementsAre("a"));
  one.store(1);
  EXPECT_THAT(one.applied_data(), ElementsAre("a", "b"));
  one.store(1);
  EXPECT_THAT(one.applied_data(), ElementsAre("a", "b", "c"));
}

TEST(ConsensusRules, R2_OneAnswerMayConfirmManyWrites) {
  Table one(1, voters({1}));
  one.settle();
  one.propose("a");
  one.propose("b");
  one.replica->stored(one.writes[1].ticket);
  one.replica->pump();
  EXPECT_THAT(one.applied_data(), ElementsAre("a", "b"));
}

TEST(ConsensusRules, R3_AFollowerAnswersOnlyWhatItHasStored) {
  Three group;
  group.a.propose("a");
  Table::deliver(group.a, group.b);
  ASSERT_THAT(group.b.writes, SizeIs(1));
  EXPECT_THAT(group.b.sent, IsEmpty());
  group.b.store();
  EXPECT_THAT(receivers(group.b), ElementsAre(1));
}

TEST(ConsensusRules, R3_ACandidateAsksForVotesOnlyOnceItsOwnIsStored) {
  Three group;
  group.b.tick(25);
  Table::deliver(group.b, group.c);  // the pre-vote stands on nothing that must be stored
  group.c.tick(25);                  // no leader for c either
  group.b.tick(40);
  group.b.sent.clear();
  WireMessage granted = CoreBench::answer(Wire::kPreVoteResponse, 3, group.b.replica->term() + 1);
  granted.to = 2;
  group.b.replica->step(3, granted.encode());
  group.b.replica->pump();
  ASSERT_EQ(group.b.replica->role(), Role::kCandidate);
  ASSERT_THAT(group.b.writes, SizeIs(1));
  EXPECT_THAT(group.b.sent, IsEmpty());
  group.b.store();
  EXPECT_THAT(receivers(group.b), ElementsAre(1, 3));
}

TEST(ConsensusRules, R3_ALeaderSendsAtOnceAndCountsItselfOnlyOnceStored) {
  Three group;
  group.a.propose("a");
  EXPECT_THAT(receivers(group.a), ElementsAre(2, 3)) << "its own disk may be as slow as it likes";
  Table::deliver(group.a, group.b);
  group.b.settle();
  Table::deliver(group.b, group.a);
  EXPECT_LT(group.a.replica->committed(), group.a.replica->last_index()) << "one of three is no majority";
  group.a.store();
  EXPECT_EQ(group.a.replica->committed(), group.a.replica->last_index());
  EXPECT_THAT(group.a.applied_data(), ElementsAre("a"));
}

TEST(ConsensusRules, R4_WhatOthersCommittedIsAppliedOnlyOnceStoredHere) {
  Three group;
  group.a.propose("a");
  for (Table* follower : {&group.b, &group.c}) {
    Table::deliver(group.a, *follower);
    follower->settle();
    Table::deliver(*follower, group.a);
  }
  EXPECT_EQ(group.a.replica->committed(), group.a.replica->last_index()) << "the followers are a majority";
  EXPECT_THAT(group.a.applied_data(), IsEmpty());
  group.a.store();
  EXPECT_THAT(group.a.applied_data(), ElementsAre("a"));
}

// A group that shrinks to one: were the change acted upon before its commit is synced, a crash would leave a replica
// that waits for voters who are gone.
TEST(ConsensusRules, R4_AChangeOfMembersTakesEffectOnlyWithASyncedCommit) {
  Table a(1, voters({1, 2})), b(2, voters({1, 2}));
  a.elect({&a, &b});
  ASSERT_TRUE(a.replica->change_members({{MemberChange::Kind::kRemove, 2}}));
  a.replica->pump();
  a.store();
  Table::deliver(a, b);
  b.settle();
  Table::deliver(b, a);
  const Index change = a.replica->last_index();
  ASSERT_EQ(a.replica->committed(), change);
  EXPECT_THAT(a.changes, IsEmpty()) << "committed, but a crash would forget it";
  ASSERT_THAT(a.writes, SizeIs(1));
  a.propose("after it");
  a.store(1);
  EXPECT_THAT(a.changes, SizeIs(1));
  EXPECT_GE(a.stored_hard_state().commit, change);
  a.crash();
  a.boot();
  a.settle();
  EXPECT_TRUE(a.replica->leads_ready()) << "alone, and it knows";
}

TEST(ConsensusRules, R4_ChangesAndEntriesKeepTheirOrder) {
  Table a(1, voters({1, 2})), b(2, voters({1, 2}));
  a.elect({&a, &b});
  a.propose("before");
  a.replica->change_members({{MemberChange::Kind::kAddLearner, 3}});
  a.propose("after");
  Table::run({&a, &b});
  EXPECT_THAT(b.applied_data(), ElementsAre("before", "after"));
  for (size_t i = 1; i < b.applied.size(); ++i) {
    EXPECT_EQ(b.applied[i].index, b.applied[i - 1].index + 1);
  }
  EXPECT_THAT(b.changes, SizeIs(1));
}

TEST(ConsensusRules, R5_ACommitIndexAloneIsNotWrittenButItsMessagesKeepTheirPlace) {
  Three group;
  group.a.propose("a");
  Table::run(group.all);
  group.a.tick();  // followers hear of a commit with the next append or heartbeat
  Table::run(group.all);
  for (Table* table : group.all) {
    EXPECT_THAT(table->writes, IsEmpty());
    EXPECT_EQ(table->replica->committed(), table->replica->last_index());
    EXPECT_LT(table->stored_hard_state().commit, table->replica->committed()) << "written with the next entry";
  }
  group.a.propose("b");
  Table::deliver(group.a, group.b);
  group.a.tick();  // a heartbeat, whose answer stands on nothing new
  Table::deliver(group.a, group.b);
  EXPECT_THAT(group.b.sent, IsEmpty()) << "behind the entry that is not stored yet";
  group.b.store();
  EXPECT_THAT(group.b.sent, SizeIs(2));
}

TEST(ConsensusRules, R6_AtStartTheCommitIsTheHighestThatIsKnown) {
  Table one(1, voters({1}));
  one.settle();
  one.propose("a");
  one.settle();
  one.flush();
  const Index applied = one.replica->applied().index;
  ASSERT_LT(one.stored_hard_state().commit, applied) << "ordinary: a commit is not synced on its own";
  one.crash();
  one.boot();
  EXPECT_EQ(one.replica->committed(), applied);
  one.settle();
  EXPECT_THAT(one.applied_data(), IsEmpty()) << "it is in the state already";
}

TEST(ConsensusRules, R6_LogAndStateMustFitTogether) {
  const std::vector<LogEntry> log{{2, 1, 0, "a"}, {3, 2, 0, "b"}};
  const auto boot = [&log](Position applied, HardState hard, std::vector<LogEntry> entries) {
    ReplicaBoot{{1, 1}, 1, {1, {1, 1}, hard, std::move(entries)}, applied, voters({1})}.check();
  };
  boot({2, 3}, {2, 0, 2}, log);
  boot({}, {2, 0, 1}, log);
  EXPECT_DEATH(boot({2, 4}, {2, 0, 2}, log), "does not reach the state");
  EXPECT_DEATH(boot({1, 2}, {2, 0, 9}, log), "does not reach its commit");
  EXPECT_DEATH(boot({1, 3}, {2, 0, 2}, log), "disagree on a term");
  EXPECT_DEATH(boot({1, 1}, {2, 0, 2}, {log[1]}), "a hole");
  EXPECT_DEATH(boot({1, 1}, {1, 0, 2}, log), "ahead of its own term");
}
}  // namespace
}  // namespace stoa
