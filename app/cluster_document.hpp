// What GET /v1/cluster says (contract §4): nodes, and of each shard who leads, in which term, how far it is applied.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/runtime/shard_host.hpp"
#include "base/record.hpp"

namespace stoa {

struct ClusterNode {
  std::string name;
  std::string status;  // alive, draining
};
template <class V>
void fields(V& v, ClusterNode& x) {
  v(1, "name", x.name);
  v(2, "status", x.status);
}

struct ClusterReplica {
  std::string node;
  std::string role;  // leader, follower
  uint64_t applied = 0;
};
template <class V>
void fields(V& v, ClusterReplica& x) {
  v(1, "node", x.node);
  v(2, "role", x.role);
  v(3, "applied", x.applied);
}

struct ClusterShard {
  std::string service;
  int64_t shard = 0;
  std::optional<std::string> leader;
  uint64_t term = 0;
  uint64_t applied = 0;
  std::vector<ClusterReplica> replicas;
};
template <class V>
void fields(V& v, ClusterShard& x) {
  v(1, "service", x.service);
  v(2, "shard", x.shard);
  v(3, "leader", x.leader);
  v(4, "term", x.term);
  v(5, "applied", x.applied);
  v(6, "replicas", x.replicas);
}

struct ClusterDocument {
  std::vector<ClusterNode> nodes;
  std::vector<ClusterShard> shards;
};
template <class V>
void fields(V& v, ClusterDocument& x) {
  v(1, "nodes", x.nodes);
  v(2, "shards", x.shards);
}

// Read from the shards' gauges; any thread.
ClusterDocument cluster_document(const std::string& node, const ShardHost& host, bool draining);

}  // namespace stoa
