#include "cluster/replica.hpp"

#include <gmock/gmock.h>

#include "tests/cluster/three.hpp"

namespace stoa {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Replica, LeadsAGroupOfOneWithoutATick) {
  Table one(1, voters({1}));
  one.replica->pump();
  EXPECT_EQ(one.replica->role(), Role::kLeader);
  EXPECT_FALSE(one.replica->leads_ready()) << "its first entry is not stored yet";
  one.store();
  EXPECT_TRUE(one.replica->leads_ready());
  EXPECT_EQ(one.replica->term(), 2u);
  EXPECT_FALSE(one.replica->needs_ticks());
  EXPECT_FALSE(one.replica->has_work());
}

TEST(Replica, CommitsAsSoonAsItsOwnEntryIsStored) {
  Table one(1, voters({1}));
  one.settle();
  const auto at = one.replica->propose("a");
  ASSERT_TRUE(at);
  one.replica->pump();
  EXPECT_THAT(one.applied_data(), IsEmpty());
  one.store(1);
  EXPECT_THAT(one.applied_data(), ElementsAre("a"));
  EXPECT_EQ(one.applied.back().index, at->index);
  EXPECT_EQ(one.applied.back().term, at->term);
}

TEST(Replica, FindsAfterACrashWhatWasStored) {
  Table one(1, voters({1}));
  one.settle();
  one.propose("a");
  one.store();
  one.propose("b");
  one.crash();
  one.boot();
  one.settle();
  EXPECT_THAT(one.applied_data(), ElementsAre("a"));
  EXPECT_EQ(one.replica->term(), 3u);
}

TEST(Replica, OfAGroupAppliesTheSameEverywhere) {
  Three group;
  group.a.propose("a");
  group.a.propose("b");
  Table::run(group.all);
  group.a.tick();  // followers hear of a commit with the next append or heartbeat
  Table::run(group.all);
  for (const Table* table : group.all) {
    EXPECT_THAT(table->applied_data(), ElementsAre("a", "b"));
  }
  EXPECT_EQ(group.a.replica->slowest_match(), group.a.replica->last_index());
}

TEST(Replica, TellsOfEachChangeOfTheLead) {
  Table one(1, voters({1}));
  one.settle();
  ASSERT_THAT(one.leads, SizeIs(1));
  EXPECT_EQ(one.leads[0].role, Role::kLeader);
  EXPECT_EQ(one.leads[0].term, 2u);
  EXPECT_EQ(one.leads[0].leader, 1u);
  Three group;
  EXPECT_EQ(group.b.leads.back().leader, 1u);
  EXPECT_EQ(group.b.leads.back().role, Role::kFollower);
}

TEST(Replica, RefusesProposalsItCannotLead) {
  Table one(1, voters({1}));
  one.replica->pump();
  EXPECT_FALSE(one.replica->propose("a")) << "no entry of its own term is applied yet";
  Three group;
  EXPECT_FALSE(group.b.propose("a"));
}

TEST(Replica, SaysWhenAnEntryLostItsPlace) {
  Three group;
  const auto at = group.a.replica->propose("never seen by the others");
  group.a.settle();
  group.a.sent.clear();
  group.c.tick(10);  // it does not hear the leader either
  group.c.sent.clear();
  group.b.elect({&group.b, &group.c});
  group.b.propose("instead");
  Table::run({&group.b, &group.c});
  group.a.applied.clear();
  for (int i = 0; i < 5; ++i) {
    group.b.tick();
    Table::run(group.all);
  }
  ASSERT_FALSE(group.a.applied.empty());
  EXPECT_EQ(group.a.applied.front().index, at->index);
  EXPECT_NE(group.a.applied.front().term, at->term);
  EXPECT_THAT(group.a.applied_data(), ElementsAre("instead"));
}

TEST(Replica, HandsTheLeadOver) {
  Three group;
  group.a.replica->transfer_lead(3);
  EXPECT_FALSE(group.a.replica->propose("a")) << "not while it hands over";
  Table::run(group.all);
  EXPECT_TRUE(group.c.replica->leads_ready());
  EXPECT_EQ(group.a.replica->leader(), 3u);
}

TEST(Replica, LetsGoOfWhatIsCompacted) {
  Table one(1, voters({1}));
  one.settle();
  for (int i = 0; i < 10; ++i) {
    one.propose("entry");
  }
  one.settle();
  one.flush();
  one.journal.trim(Table::kGroup, one.durable.index);
  one.replica->compact(one.durable.index);
  EXPECT_EQ(one.replica->first_index(), one.durable.index + 1);
  one.propose("more");
  one.settle();
  one.crash();
  one.boot();
  one.settle();
  EXPECT_THAT(one.applied_data(), ElementsAre("more"));
}

}  // namespace
}  // namespace stoa
