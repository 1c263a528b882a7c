#include "cluster/placement.hpp"

#include <gtest/gtest.h>
#include <set>

namespace stoa {
namespace {

std::vector<DirectoryNode> nodes(int count) {
  std::vector<DirectoryNode> out;
  for (int i = 1; i <= count; ++i) {
    DirectoryNode node;
    node.name = "n" + std::to_string(i);
    node.services = {"order", "payment"};
    out.push_back(node);
  }
  return out;
}

const PlacementService kOrder{"order", 3, 8};
const PlacementService kPayment{"payment", 4, 4};

std::set<std::string> nodes_of(const DirectoryGroup& group) {
  std::set<std::string> out;
  for (const DirectoryReplica& r : group.replicas) out.insert(r.node);
  return out;
}

TEST(Placement, ReplicasOfAGroupAreOnDistinctNodes) {
  SeededRandom random(1);
  const Directory plan = plan_cluster("demo", 3, nodes(5), {kOrder, kPayment}, {}, random);
  ASSERT_EQ(plan.groups.size(), 13u);
  for (const DirectoryGroup& group : plan.groups) EXPECT_EQ(nodes_of(group).size(), 3u);
}

TEST(Placement, TheCatalogIsOnTheFirstThreeNodes) {
  SeededRandom random(1);
  const Directory plan = plan_cluster("demo", 1, nodes(5), {kOrder}, {}, random);
  EXPECT_EQ(nodes_of(*plan.group({0, 0})), (std::set<std::string>{"n1", "n2", "n3"}));
}

TEST(Placement, ANodeHoldsOnlyTheServicesItHosts) {
  auto three = nodes(3);
  three[1].services = {"payment"};
  for (uint16_t shard = 0; shard < 8; ++shard) {
    EXPECT_EQ(choose_nodes(three, kOrder, shard, 3).size(), 2u);
    EXPECT_EQ(choose_nodes(three, kPayment, shard, 3).size(), 3u);
  }
}

TEST(Placement, ANewNodeTakesItsShareAndNothingElseMoves) {
  int taken = 0;
  for (uint16_t shard = 0; shard < 300; ++shard) {
    const auto before = choose_nodes(nodes(3), kOrder, shard, 2);
    const auto after = choose_nodes(nodes(4), kOrder, shard, 2);
    for (const std::string& node : after) {
      if (node == "n4")
        ++taken;
      else
        EXPECT_NE(std::find(before.begin(), before.end(), node), before.end());
    }
  }
  EXPECT_NEAR(taken, 150, 40);
}

TEST(Placement, ADrainingNodeIsNotChosen) {
  auto three = nodes(3);
  three[0].status = NodeStatus::kDraining;
  for (const std::string& node : choose_nodes(three, kOrder, 0, 3)) EXPECT_NE(node, "n1");
}

}  // namespace
}  // namespace stoa
