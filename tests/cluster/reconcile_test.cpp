#include "cluster/reconcile.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "base/random.hpp"

namespace stoa {
namespace {

using Kind = MemberChange::Kind;

Members of(std::vector<ReplicaId> voters, std::vector<ReplicaId> learners = {}) {
  Members members;
  members.voters = std::move(voters);
  members.learners = std::move(learners);
  return members;
}
bool yes(ReplicaId) { return true; }
bool no(ReplicaId) { return false; }

TEST(Reconcile, WhatIsAsWantedIsSettled) { EXPECT_TRUE(reconcile(of({1, 2, 3}), {3, 1, 2}, 2, yes).settled); }

TEST(Reconcile, ANewReplicaLearnsFirstAndVotesOnceItHasCaughtUp) {
  const auto first = reconcile(of({1, 2, 3}), {1, 2, 4}, 1, yes);
  ASSERT_TRUE(first.change.has_value());
  EXPECT_EQ(first.change->kind, Kind::kAddLearner);
  EXPECT_EQ(first.change->id, 4u);
  EXPECT_FALSE(reconcile(of({1, 2, 3}, {4}), {1, 2, 4}, 1, no).change.has_value());
  EXPECT_EQ(reconcile(of({1, 2, 3}, {4}), {1, 2, 4}, 1, yes).change->kind, Kind::kAddVoter);
}

TEST(Reconcile, AVoterGoesOnlyWhenAllThatAreWantedVote) {
  const auto step = reconcile(of({1, 2, 3, 4}), {1, 2, 4}, 1, yes);
  ASSERT_TRUE(step.change.has_value());
  EXPECT_EQ(step.change->kind, Kind::kRemove);
  EXPECT_EQ(step.change->id, 3u);
}

TEST(Reconcile, NoVoterGoesWhileThoseThatStayHaveNoMajorityWithoutIt) {
  const auto two_is_down = [](ReplicaId id) { return id != 2; };
  const auto step = reconcile(of({1, 2, 3}), {1, 2}, 1, two_is_down);
  EXPECT_FALSE(step.change.has_value());
  EXPECT_FALSE(step.settled);
  EXPECT_EQ(reconcile(of({1, 2, 3}), {1, 2}, 1, yes).change->id, 3u);
}

TEST(Reconcile, OneThatIsDownGoesBeforeThoseThatAreNeededMeanwhile) {
  const auto three_and_four_are_up = [](ReplicaId id) { return id == 3 || id == 4; };
  EXPECT_EQ(reconcile(of({1, 2, 3, 4, 5}), {1, 2}, 1, three_and_four_are_up).change->id, 5u);
}

TEST(Reconcile, ALeaderThatIsToGoHandsOverFirst) {
  const auto step = reconcile(of({1, 2, 3, 4}), {2, 3, 4}, 1, yes);
  EXPECT_FALSE(step.change.has_value());
  EXPECT_EQ(step.hand_over_to, 2u);
}

TEST(Reconcile, ALearnerThatIsNoLongerWantedGoes) {
  const auto step = reconcile(of({1, 2, 3}, {4}), {1, 2, 3}, 1, yes);
  EXPECT_EQ(step.change->kind, Kind::kRemove);
  EXPECT_EQ(step.change->id, 4u);
}

TEST(Reconcile, NothingIsBegunWithinAJointConfiguration) {
  Members members = of({1, 2, 4});
  members.voters_outgoing = {1, 2, 3};
  const auto step = reconcile(members, {1, 2, 4}, 1, yes);
  EXPECT_FALSE(step.change.has_value() || step.settled);
}

// Whatever is wanted of whatever there is, it gets there, and a majority of what was stays until what will be votes.
TEST(Reconcile, ReachesAnyWantedGroupFromAnyOther) {
  SeededRandom random(7);
  for (int run = 0; run < 500; ++run) {
    std::set<ReplicaId> voters, wanted;
    while (voters.size() < 1 + random.below(4)) voters.insert(1 + random.below(6));
    while (wanted.size() < 1 + random.below(4)) wanted.insert(1 + random.below(6));
    Members members = of({voters.begin(), voters.end()});
    ReplicaId leader = members.voters.front();
    ReconcileStep step;
    for (int i = 0; i < 30 && !step.settled; ++i) {
      step = reconcile(members, {wanted.begin(), wanted.end()}, leader, yes);
      if (step.hand_over_to != 0) leader = step.hand_over_to;
      if (!step.change) continue;
      const ReplicaId id = step.change->id;
      ASSERT_FALSE(step.change->kind == Kind::kRemove && id == leader);
      auto drop = [&](std::vector<ReplicaId>& from) {
        from.erase(std::remove(from.begin(), from.end(), id), from.end());
      };
      drop(members.learners);
      if (step.change->kind == Kind::kRemove) drop(members.voters);
      if (step.change->kind == Kind::kAddVoter) members.voters.push_back(id);
      if (step.change->kind == Kind::kAddLearner) members.learners.push_back(id);
      std::sort(members.voters.begin(), members.voters.end());
      ASSERT_GE(members.voters.size(), std::min(voters.size(), wanted.size()));
    }
    ASSERT_TRUE(step.settled);
    EXPECT_EQ(std::set<ReplicaId>(members.voters.begin(), members.voters.end()), wanted);
  }
}

}  // namespace
}  // namespace stoa
