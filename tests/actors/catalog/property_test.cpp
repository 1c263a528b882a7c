// Scenario: seeds of random joins, drains, removals, moves, losses and settling, and what holds after every one of
// them.
#include <gtest/gtest.h>

#include "tests/actors/catalog/cluster.hpp"

namespace stoa::catalog {
namespace {

class Operators {
 public:
  explicit Operators(uint64_t seed) : random_(seed), replication_(1 + seed % 3), c_(2 + seed % 3, replication_, seed) {}

  void step() {
    const Directory before = c_.directory();
    const std::string node = before.nodes[random_.below(before.nodes.size())].name;
    const DirectoryGroup& group = before.groups[random_.below(before.groups.size())];
    const DirectoryReplica& replica = group.replicas[random_.below(group.replicas.size())];
    switch (random_.below(10)) {
      case 0:
        if (before.nodes.size() < 8) return join("m" + std::to_string(++joined_));
        return join(node);
      case 1:
        return (void)c_.run(drain_node, DrainNode{node, ""});
      case 2:
        return (void)c_.run(undrain_node, UndrainNode{node, ""});
      case 3:
        return (void)c_.run(remove_node, RemoveNode{node, random_.below(4) == 0, ""});
      case 4:
        return (void)c_.run(move_replica, MoveReplica{group.service, group.shard, replica.node, node, ""});
      case 5:
        return (void)c_.run(admit_node,
                            AdmitNode{node, "disk " + std::to_string(++disks_), before.node(node)->data_id});
      case 6:
        return (void)c_.run(rebalance_groups, RebalanceGroups{});
      default:
        if (!group.settled) c_.settle(group);
    }
  }

  void join(const std::string& name) {
    (void)c_.run(join_node, JoinNode{member(name, 100 + static_cast<uint32_t>(++addresses_)), "", "", {}});
  }

  // Whoever has joined is met.
  void meet_all() {
    for (const DirectoryNode& n : c_.directory().nodes) {
      if (n.data_id.empty()) (void)c_.run(admit_node, AdmitNode{n.name, "disk " + std::to_string(++disks_), ""});
    }
  }

  Cluster& cluster() { return c_; }
  uint32_t replication() const { return replication_; }

 private:
  SeededRandom random_;
  uint32_t replication_;
  Cluster c_;
  int joined_ = 0;
  int addresses_ = 0;
  int disks_ = 0;
};

size_t living(const Directory& d, const DirectoryGroup& group) {
  return static_cast<size_t>(std::count_if(group.replicas.begin(), group.replicas.end(),
                                           [&](const auto& r) { return d.node(r.node)->status != NodeStatus::kGone; }));
}

bool was_none(const DirectoryGroup& group, uint64_t id) {
  return std::none_of(group.replicas.begin(), group.replicas.end(), [&](const auto& r) { return r.id == id; });
}

// What must hold of any directory that follows `before`.
void check(const Directory& before, const Directory& d) {
  EXPECT_GE(d.version, before.version);
  EXPECT_EQ(encode(before) == encode(d), d.version == before.version);
  std::set<uint64_t> ids;
  for (const DirectoryGroup& group : d.groups) {
    const DirectoryGroup& was = *before.group(group.id());
    EXPECT_EQ(nodes_of(group).size(), group.replicas.size()) << "two replicas on one node";
    EXPECT_GE(group.epoch, was.epoch);
    for (const DirectoryReplica& r : group.replicas) {
      EXPECT_TRUE(ids.insert(r.id).second);
      const DirectoryNode* const at = before.node(r.node);
      const bool same_disk = at != nullptr && at->data_id == d.node(r.node)->data_id;
      EXPECT_TRUE(same_disk || was_none(was, r.id)) << "a replica of a lost disk is back under its id";
      EXPECT_FALSE(d.node(r.node)->data_id.empty()) << "a replica is on a node that nobody has met";
    }
    for (const DirectoryReplica& r : group.leaving) {
      EXPECT_TRUE(ids.insert(r.id).second);
      EXPECT_FALSE(group.settled);
    }
    // Never fewer than there were on nodes that live, unless the living nodes allow no more.
    EXPECT_GE(living(d, group), std::min(living(d, was), std::max<size_t>(1, wanted_replicas(d, group))));
    EXPECT_GE(group.replicas.size(), 1u);
  }
}

TEST(CatalogProperty, PlacementStaysSoundWhateverOperatorsDo) {
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Operators ops(seed);
    for (int i = 0; i < 120; ++i) {
      const Directory before = ops.cluster().directory();
      ops.step();
      check(before, ops.cluster().directory());
      if (testing::Test::HasFailure()) return;
    }
  }
}

TEST(CatalogProperty, AllComesToRestWithDrainedNodesEmptyAndEveryGroupWhole) {
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Operators ops(seed);
    for (int i = 0; i < 120; ++i) ops.step();
    ops.meet_all();
    ops.cluster().settle_all();
    const Directory d = ops.cluster().directory();
    for (const DirectoryNode& n : d.nodes) {
      EXPECT_TRUE(n.status == NodeStatus::kAlive || replicas_held(d, n.name) == 0) << n.name;
    }
    for (const DirectoryGroup& group : d.groups) EXPECT_EQ(group.replicas.size(), wanted_replicas(d, group));
    EXPECT_TRUE(next_changes(d).empty());
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace stoa::catalog
