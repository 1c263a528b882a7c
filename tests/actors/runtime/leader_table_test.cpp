#include "actors/runtime/leader_table.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

constexpr GroupId kGroup{3, 1};

LeaderTable table() {
  Directory directory;
  DirectoryGroup group;
  group.service = kGroup.service;
  group.shard = kGroup.shard;
  group.replicas = {{"n2", 2}, {"n1", 1}, {"n3", 3}};
  directory.groups.push_back(group);
  LeaderTable leaders("n1");
  leaders.placed(directory);
  return leaders;
}

TEST(LeaderTable, AsksThePreferredLeaderFirstAndThenTheOthers) {
  LeaderTable leaders = table();
  leaders.up("n2");
  leaders.up("n3");
  EXPECT_EQ(leaders.pick(kGroup, 0), "n2");
  EXPECT_EQ(leaders.pick(kGroup, 1), "n1");
  EXPECT_EQ(leaders.pick(kGroup, 2), "n3");
  EXPECT_EQ(leaders.pick(kGroup, 3), "n2");
}

TEST(LeaderTable, LeavesOutWhoCannotBeReached) {
  LeaderTable leaders = table();
  EXPECT_EQ(leaders.pick(kGroup, 0), "n1");
  EXPECT_EQ(leaders.pick(kGroup, 2), "n1");
  EXPECT_EQ(leaders.pick({3, 2}, 0), "");
}

TEST(LeaderTable, KeepsToTheOneThatLeadsUntilItIsToldOtherwise) {
  LeaderTable leaders = table();
  leaders.up("n3");
  EXPECT_TRUE(leaders.learn(kGroup, "n3"));
  EXPECT_FALSE(leaders.learn(kGroup, "n3"));
  EXPECT_EQ(leaders.pick(kGroup, 7), "n3");
  leaders.forget(kGroup, "n2");
  EXPECT_EQ(leaders.pick(kGroup, 0), "n3");
  leaders.forget(kGroup, "n3");
  EXPECT_EQ(leaders.pick(kGroup, 0), "n1");
}

TEST(LeaderTable, ForgetsANodeThatWentAway) {
  LeaderTable leaders = table();
  leaders.up("n3");
  leaders.learn(kGroup, "n3");
  leaders.down("n3");
  EXPECT_EQ(leaders.pick(kGroup, 0), "n1");
  EXPECT_FALSE(leaders.learn(kGroup, "n3"));
}

}  // namespace
}  // namespace stoa
