#include <gtest/gtest.h>

#include "tests/actors/catalog/cluster.hpp"

namespace stoa::catalog {
namespace {

constexpr GroupId kOrder0{3, 0};

// A node that holds nothing of the group; and one that holds something.
std::string outsider(const Directory& d, GroupId id) {
  for (const DirectoryNode& n : d.nodes) {
    if (nodes_of(*d.group(id)).count(n.name) == 0) return n.name;
  }
  return "";
}
std::string insider(const Directory& d, GroupId id) { return d.group(id)->replicas.front().node; }

TEST(CatalogPlacement, AReplicaMovedByHandIsThereUnderANewIdAndStays) {
  Cluster c(4, 3);
  const Directory before = c.directory();
  const std::string from = insider(before, kOrder0), to = outsider(before, kOrder0);
  c.must(move_replica, MoveReplica{3, 0, from, to, "ada"});
  const DirectoryGroup group = *c.directory().group(kOrder0);
  EXPECT_FALSE(group.settled);
  EXPECT_EQ(group.epoch, before.group(kOrder0)->epoch + 1);
  EXPECT_EQ(nodes_of(group).count(to), 1u);
  EXPECT_EQ(nodes_of(group).count(from), 0u);
  EXPECT_EQ(c.directory().node_of(kOrder0, before.group(kOrder0)->replicas.front().id), from);
  c.settle_all();
  EXPECT_EQ(nodes_of(*c.directory().group(kOrder0)), nodes_of(group));
  c.join(member("n5", 5));
  c.settle_all();
  EXPECT_EQ(nodes_of(*c.directory().group(kOrder0)), nodes_of(group));
}

TEST(CatalogPlacement, WhatWasMovedByHandIsPlacedByTheRuleWhenAskedFor) {
  Cluster c(4, 3);
  const Directory before = c.directory();
  c.must(move_replica, MoveReplica{3, 0, insider(before, kOrder0), outsider(before, kOrder0), ""});
  c.settle_all();
  c.must(rebalance_groups, RebalanceGroups{""});
  c.settle_all();
  EXPECT_EQ(nodes_of(*c.directory().group(kOrder0)), nodes_of(*before.group(kOrder0)));
}

TEST(CatalogPlacement, AMoveThatCannotBeIsToldByPointer) {
  Cluster c(4, 3);
  const Directory d = c.directory();
  const std::string in = insider(d, kOrder0), out = outsider(d, kOrder0);
  EXPECT_EQ(c.run(move_replica, MoveReplica{9, 0, in, out, ""}).answer.code, kNotFound.code);
  EXPECT_EQ(c.run(move_replica, MoveReplica{3, 0, out, in, ""}).answer.errors.at(0).pointer, "/from");
  EXPECT_EQ(c.run(move_replica, MoveReplica{3, 0, in, "n9", ""}).answer.errors.at(0).pointer, "/to");
  EXPECT_EQ(
      c.run(move_replica, MoveReplica{3, 0, in, d.group(kOrder0)->replicas[1].node, ""}).answer.errors.at(0).pointer,
      "/to");
}

TEST(CatalogPlacement, AGroupMakesOneChangeAtATime) {
  Cluster c(4, 3);
  const Directory d = c.directory();
  c.must(move_replica, MoveReplica{3, 0, insider(d, kOrder0), outsider(d, kOrder0), ""});
  const Directory moving = c.directory();
  EXPECT_EQ(c.run(move_replica, MoveReplica{3, 0, insider(moving, kOrder0), outsider(moving, kOrder0), ""}).answer.code,
            kGroupMoves.code);
}

TEST(CatalogPlacement, OnlyAFewGroupsAreOnTheMoveAtOnce) {
  Cluster c(3, 2);
  c.join(member("n4", 4));
  size_t most = 0;
  for (;;) {
    const Directory d = c.directory();
    const auto moving = static_cast<size_t>(
        std::count_if(d.groups.begin(), d.groups.end(), [](const DirectoryGroup& g) { return !g.settled; }));
    most = std::max(most, moving);
    if (moving == 0) break;
    c.settle(*std::find_if(d.groups.begin(), d.groups.end(), [](const DirectoryGroup& g) { return !g.settled; }));
  }
  EXPECT_GT(replicas_held(c.directory(), "n4"), 0u);
  EXPECT_LE(most, kMovesAtOnce);
}

TEST(CatalogPlacement, PreferredLeadersAreSpreadOnceAllIsInItsPlace) {
  Cluster c(3, 3);
  c.join(member("n4", 4));
  c.settle_all();
  std::map<std::string, int> leads;
  const Directory d = c.directory();
  for (const DirectoryGroup& group : d.groups) ++leads[group.replicas.front().node];
  for (const DirectoryNode& n : d.nodes) EXPECT_GE(leads[n.name], 1) << n.name;
}

TEST(CatalogPlacement, ASettledGroupIsToldOnceMore) {
  Cluster c(4, 3);
  const DirectoryGroup group = *c.directory().group(kOrder0);
  SettleGroup command{3, 0, group.epoch, {}};
  for (const DirectoryReplica& r : group.replicas) command.members.push_back(r.id);
  EXPECT_FALSE(c.run(settle_group, command).is_refused());
  EXPECT_EQ(c.writes, 0u);
}

TEST(CatalogPlacement, OnlyTheWantedMembersOfThisEpochSettleAGroup) {
  Cluster c(4, 3);
  const Directory d = c.directory();
  c.must(move_replica, MoveReplica{3, 0, insider(d, kOrder0), outsider(d, kOrder0), ""});
  const DirectoryGroup moving = *c.directory().group(kOrder0);
  SettleGroup command{3, 0, moving.epoch, {}};
  for (const DirectoryReplica& r : moving.replicas) command.members.push_back(r.id);
  SettleGroup late = command, wrong = command;
  --late.epoch;
  wrong.members.push_back(moving.leaving.at(0).id);
  EXPECT_EQ(c.run(settle_group, late).answer.code, kStaleVersion.code);
  EXPECT_EQ(c.run(settle_group, wrong).answer.code, kIllegalTransition.code);
  EXPECT_FALSE(c.run(settle_group, command).is_refused());
  EXPECT_TRUE(c.directory().group(kOrder0)->settled);
}

TEST(CatalogPlacement, TheCatalogItselfLeavesADrainedNode) {
  Cluster c(4, 1);
  const GroupId catalog{0, 0};
  ASSERT_EQ(nodes_of(*c.directory().group(catalog)), (std::set<std::string>{"n1", "n2", "n3"}));
  c.must(drain_node, DrainNode{"n2", ""});
  c.settle_all();
  EXPECT_EQ(nodes_of(*c.directory().group(catalog)), (std::set<std::string>{"n1", "n3", "n4"}));
}

}  // namespace
}  // namespace stoa::catalog
