#include "cluster/lead_spread.hpp"

#include <gtest/gtest.h>
#include <map>

#include "base/clock.hpp"
#include "cluster/placement.hpp"

namespace stoa {
namespace {

const std::vector<PlacementService> kServices = {
    {"user", 1, 4}, {"product", 2, 8}, {"order", 3, 8}, {"payment", 4, 4}, {"shipping", 5, 4}};
const std::vector<uint16_t> kTogether = {3, 4, 5};

Directory plan_of(int nodes, uint32_t replication) {
  std::vector<DirectoryNode> all;
  for (int i = 1; i <= nodes; ++i) {
    DirectoryNode node;
    node.name = "n" + std::to_string(i);
    for (const PlacementService& service : kServices) node.services.push_back(service.name);
    all.push_back(node);
  }
  SeededRandom random(1);
  return plan_cluster("demo", replication, all, kServices, kTogether, random);
}

std::string leader(const Directory& plan, uint16_t service, uint16_t shard) {
  return plan.group({service, shard})->replicas.front().node;
}

TEST(LeadSpread, GivesEveryNodeAsManyAsTheOthersInAllAndOfEveryService) {
  for (const int nodes : {2, 3, 5}) {
    const Directory plan = plan_of(nodes, static_cast<uint32_t>(nodes));
    std::map<std::string, size_t> all;
    std::map<std::pair<uint32_t, std::string>, int> of_service;
    for (const DirectoryGroup& group : plan.groups) {
      ++all[group.replicas.front().node];
      ++of_service[{group.service, group.replicas.front().node}];
    }
    const size_t least = plan.groups.size() / static_cast<size_t>(nodes);
    for (const auto& [node, count] : all) EXPECT_NEAR(count, least, 1.01) << node << " of " << nodes;
    for (const PlacementService& service : kServices) {
      const int share = (service.shards + nodes - 1) / nodes;
      for (const auto& node : plan.nodes) {
        EXPECT_LE((of_service[{service.number, node.name}]), share + (nodes == 3 ? 0 : 1)) << node.name;
      }
    }
  }
}

// It is reckoned on a loop, and one that stands still for a second is lost to the other nodes.
TEST(LeadSpread, IsQuickForAsManyShardsAsThereMayBe) {
  std::vector<DirectoryGroup> groups;
  for (const uint16_t service : kTogether) {
    for (uint32_t shard = 0; shard < 4096; ++shard) {
      DirectoryGroup& group = groups.emplace_back();
      group.service = service;
      group.shard = shard;
      for (const char* node : {"n1", "n2", "n3"}) group.replicas.emplace_back().node = node;
    }
  }
  const SystemClock clock;
  const int64_t begun_ns = clock.monotonic_ns();
  spread_leaders(groups, kTogether);
  EXPECT_LT((clock.monotonic_ns() - begun_ns) / 1'000'000, 1000);
}

TEST(LeadSpread, LeadsWhatMeetsInARequestTogether) {
  const Directory plan = plan_of(3, 3);
  int together = 0;
  for (uint16_t shard = 0; shard < 8; ++shard) {
    const std::string node = leader(plan, 3, shard);
    together += node == leader(plan, 4, shard % 4) && node == leader(plan, 5, shard % 4);
  }
  EXPECT_EQ(together, 7);  // four columns do not fill three nodes alike
}

TEST(LeadSpread, LeavesWhatItMade) {
  for (const int nodes : {3, 5, 7}) {
    const Directory plan = plan_of(nodes, 3);
    std::vector<DirectoryGroup> again = plan.groups;
    spread_leaders(again, kTogether);
    for (size_t i = 0; i < again.size(); ++i) {
      EXPECT_EQ(again[i].replicas.front().id, plan.groups[i].replicas.front().id) << i << " of " << nodes;
    }
  }
}

TEST(LeadSpread, KeepsToTheReplicasThatThereAre) {
  Directory plan = plan_of(3, 3);
  for (DirectoryGroup& group : plan.groups) {
    if (group.service == 4) group.replicas.resize(1);
  }
  spread_leaders(plan.groups, kTogether);
  for (const DirectoryGroup& group : plan.groups) EXPECT_EQ(group.replicas.size(), group.service == 4 ? 1u : 3u);
}

}  // namespace
}  // namespace stoa
