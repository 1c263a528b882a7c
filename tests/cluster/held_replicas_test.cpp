#include "cluster/held_replicas.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

constexpr GroupId kOrders{3, 0};

// One group, on n1 as replica 11 and on n2 as 12.
Directory of_one_group() {
  Directory d;
  d.version = 7;
  DirectoryGroup group;
  group.service = kOrders.service;
  group.shard = kOrders.shard;
  group.replicas = {{"n1", 11}, {"n2", 12}};
  group.settled = true;
  d.groups.push_back(group);
  return d;
}

DataIdentity holding(ReplicaId id) {
  DataIdentity held;
  held.replicas[kOrders] = {id, {}};
  return held;
}

TEST(HeldReplicas, WhatIsMeantToBeHereStays) { EXPECT_TRUE(former_replicas(holding(11), of_one_group()).empty()); }

TEST(HeldReplicas, WhatLeavesStaysUntilItsGroupDoesWithoutIt) {
  Directory d = of_one_group();
  d.groups[0].settled = false;
  d.groups[0].leaving = {{"n3", 10}};
  EXPECT_TRUE(former_replicas(holding(10), d).empty());
  d.groups[0].settled = true;
  d.groups[0].leaving.clear();
  EXPECT_EQ(former_replicas(holding(10), d), std::vector<GroupId>{kOrders});
}

// A node may sleep over the moment at which its group had settled without it, and wake to a new replica placed on it.
TEST(HeldReplicas, WhatItsGroupDoesWithoutGoesThoughTheGroupIsOnTheMoveAgain) {
  Directory d = of_one_group();
  d.groups[0].replicas.push_back({"n3", 13});
  d.groups[0].settled = false;
  EXPECT_EQ(former_replicas(holding(10), d), std::vector<GroupId>{kOrders});
}

TEST(HeldReplicas, OfAGroupThatTheDirectoryDoesNotKnowNothingGoes) {
  EXPECT_TRUE(former_replicas(holding(11), Directory{}).empty());
}

// After a crash a node goes by the last directory that it had written down.
TEST(HeldReplicas, ADirectoryFromBeforeAReplicaWasPlacedClosesNothing) {
  DataIdentity held = holding(13);
  held.placed_by_version = 8;
  EXPECT_TRUE(former_replicas(held, of_one_group()).empty());
}

TEST(HeldReplicas, WhatIsPlacedHereIsOpenedWhereNothingOfItsGroupIs) {
  EXPECT_EQ(new_replicas({}, of_one_group(), "n2"), (std::map<GroupId, ReplicaBirth>{{kOrders, {12, {}}}}));
  EXPECT_TRUE(new_replicas({}, of_one_group(), "n3").empty());
  EXPECT_TRUE(new_replicas(holding(10), of_one_group(), "n2").empty()) << "the former one is closed first";
}

// It has voted; as an empty one under its id it would vote again.
TEST(HeldReplicas, ADirectoryFromBeforeAReplicaWasClosedOpensNothing) {
  DataIdentity held;
  held.placed_by_version = 8;
  EXPECT_TRUE(new_replicas(held, of_one_group(), "n2").empty());
}

}  // namespace
}  // namespace stoa
