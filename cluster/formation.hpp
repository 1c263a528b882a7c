// How the nodes of a configuration become a cluster, once: when all of them have met and none belongs to a cluster yet,
// the first one makes the plan (which replica of which shard is where, under which id), and each writes it down before
// it takes part. A plan names the data directories it is for, so a node that lost its disk can never be born twice: it
// comes back through the catalog, under new replica ids.
//
// Pure bookkeeping of one node: who has been met, and what follows. One thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cluster/config.hpp"
#include "cluster/directory.hpp"

namespace stoa {

// What a node says of itself in its hello.
struct NodeFacts {
  std::string formation;  // of the cluster that it belongs to; empty: none yet
  std::string data_id;
  std::string shape;               // digest of what all nodes of a cluster must agree on
  uint64_t directory_version = 0;  // of the newest directory it knows
};
template <class V>
void fields(V& v, NodeFacts& x) {
  v(1, "formation", x.formation);
  v(2, "data_id", x.data_id);
  v(3, "shape", x.shape);
  v(4, "directory_version", x.directory_version);
}

// Of a configuration: cluster, shards, replication and the nodes' names and services.
std::string shape_of(const Config& config);

// The nodes as the configuration names them, in its order.
std::vector<DirectoryNode> nodes_of(const Config& config);

class Formation {
 public:
  Formation(std::vector<DirectoryNode> nodes, std::string own_node, NodeFacts own);

  void met(const std::string& node, const NodeFacts& facts) { met_[node] = facts; }
  void parted(const std::string& node) { met_.erase(node); }

  // This node is to make the plan, now: the nodes with their data directories. Nothing: not yet, or not this one.
  std::optional<std::vector<DirectoryNode>> may_plan() const;
  // Whom it still waits for, or what keeps it from going on; for people. Empty: nothing.
  std::string waits_for() const;
  // Whether the plan (made anywhere) is for this node's data directory.
  bool is_for_us(const Directory& plan) const;
  // Whether a peer needs the plan: it belongs to no cluster yet, and the plan is for its data directory.
  bool lacks(const std::string& node, const Directory& plan) const;

 private:
  const std::vector<DirectoryNode> nodes_;
  const std::string own_node_;
  const NodeFacts own_;
  std::map<std::string, NodeFacts> met_;
};

}  // namespace stoa
