// What GET /v1/cluster says (contract §4): nodes, and of each shard who leads, in which term, how far it is applied.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/runtime/mesh.hpp"
#include "actors/runtime/shard_host.hpp"
#include "base/record.hpp"
#include "cluster/directory.hpp"

namespace stoa {

struct ClusterNode {
  std::string name;
  std::string status;  // joining, alive, draining, gone; unreachable: a member that this node is not connected to;
                       // refused: connected, with a data directory that may not take part
};
template <class V>
void fields(V& v, ClusterNode& x) {
  v(1, "name", x.name);
  v(2, "status", x.status);
}

struct ClusterReplica {
  std::string node;
  std::string role;  // leader, follower, learner; unknown: nothing was heard of it
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

// What a node says of its replicas to the others, twice a second.
struct ReplicaStatus {
  uint32_t group = 0;
  std::string role;
  uint64_t term = 0;
  uint64_t applied = 0;
};
template <class V>
void fields(V& v, ReplicaStatus& x) {
  v(1, "group", x.group);
  v(2, "role", x.role);
  v(3, "term", x.term);
  v(4, "applied", x.applied);
}

struct NodeReplicas {
  std::vector<ReplicaStatus> replicas;
  bool stopping = false;
  bool storage_low = false;
  uint64_t reaches = 0;  // nodes that it is connected to, itself among them; 0: it does not say
};
template <class V>
void fields(V& v, NodeReplicas& x) {
  v(1, "replicas", x.replicas);
  v(2, "stopping", x.stopping);
  v(3, "storage_low", x.storage_low);
  v(4, "reaches", x.reaches);
}

// What the nodes of a cluster say of their replicas, gathered, so that any of them can tell how all are. On the loop.
class ClusterStatus {
 public:
  // All outlive it. `storage_low`: whether this node is short of disk space now.
  ClusterStatus(const std::vector<Service>& services, ShardHost& host, Mesh& mesh, const Clock& clock,
                std::function<bool()> storage_low);

  // Ten times a second.
  void tick(bool stopping);
  // Whether a node said that it is about to go: it is to be given no lead.
  bool stopping(const std::string& node) const { return said_of(node).stopping; }
  // What a node is able to do, this one included.
  bool has_room(const std::string& node) const { return !said_of(node).storage_low; }
  size_t reaches(const std::string& node) const;  // nodes, itself among them; as many as this one where it does not say
  // Whom this node reaches has not changed for so long that the others, whom it struck too, have said so since.
  bool steady() const { return clock_.now() >= steady_from_; }
  ClusterDocument document(const Directory& directory, bool draining) const;

 private:
  NodeReplicas own(bool stopping) const;
  ClusterShard shard_of(const DirectoryGroup& group) const;
  // The same of a node that was never heard: nothing bad.
  struct Said {
    bool stopping = false;
    bool storage_low = false;
    uint64_t reaches = 0;  // 0: it does not say
  };
  Said said_of(const std::string& node) const;
  void look_at_self();
  const ReplicaStatus* heard(const std::string& node, GroupId group) const;

  const std::vector<Service>& services_;
  ShardHost& host_;
  Mesh& mesh_;
  const Clock& clock_;
  Time next_;
  std::map<std::string, std::map<GroupId, ReplicaStatus>> heard_;  // by node
  std::map<std::string, Said> said_;                               // by node, this one included
  std::function<bool()> storage_low_;
  Time steady_from_;
  bool told_ = false;  // that this node stops
};

}  // namespace stoa
