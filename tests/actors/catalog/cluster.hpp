// A catalog for tests of its rules: formed with nodes n1, n2, … that host everything, two services of some shards.
#pragma once

#include <set>

#include "actors/catalog/directory_store.hpp"
#include "actors/catalog/placement_plan.hpp"
#include "actors/catalog/rules.hpp"
#include "cluster/placement.hpp"
#include "tests/actors/rules_fixture.hpp"

namespace stoa::catalog {

inline DirectoryNode member(const std::string& name, uint32_t number) {
  DirectoryNode node;
  node.name = name;
  node.host = "10.0.0." + std::to_string(number);
  node.cluster_port = 7070;
  node.http_port = 8080;
  node.admin_port = 9090;
  node.services = {"order", "payment"};
  return node;
}

inline Directory plan_of(uint32_t nodes, uint32_t replication, uint16_t shards = 4) {
  std::vector<DirectoryNode> members;
  for (uint32_t i = 1; i <= nodes; ++i) {
    members.push_back(member("n" + std::to_string(i), i));
    members.back().data_id = "the disk of n" + std::to_string(i);
  }
  SeededRandom random(1'000'007);
  return plan_cluster("demo", replication, members, {{"order", 3, shards}, {"payment", 4, shards}}, {}, random);
}

class Cluster : public RulesFixture {
 public:
  Cluster(uint32_t nodes, uint32_t replication, uint64_t seed = 1) : RulesFixture(0, seed) {
    must(form_cluster, FormCluster{plan_of(nodes, replication)});
  }

  Directory directory() const { return read_directory(reader()); }

  // A node joins and is met.
  void join(const DirectoryNode& node, const std::string& by = "") {
    must(join_node, JoinNode{node, by, "", {}});
    must(admit_node, AdmitNode{node.name, "the disk of " + node.name, ""});
  }

  // The leaders bring their members where they are wanted, until nothing is on the move. How many times one did.
  int settle_all() {
    for (int count = 0;; ++count) {
      const Directory d = directory();
      const auto moving =
          std::find_if(d.groups.begin(), d.groups.end(), [](const DirectoryGroup& g) { return !g.settled; });
      if (moving == d.groups.end()) return count;
      settle(*moving);
    }
  }
  void settle(const DirectoryGroup& group) {
    SettleGroup command{group.service, group.shard, group.epoch, {}};
    for (const DirectoryReplica& r : group.replicas) command.members.push_back(r.id);
    must(settle_group, command);
  }
};

inline std::set<std::string> nodes_of(const DirectoryGroup& group) {
  std::set<std::string> nodes;
  for (const DirectoryReplica& r : group.replicas) nodes.insert(r.node);
  return nodes;
}

}  // namespace stoa::catalog
