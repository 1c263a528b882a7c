// What a node knows of its cluster: who belongs to it, where each shard's replicas are meant to be. Plain records: the
// catalog fills them, every node keeps the newest it has heard of on its disk and goes on with that when the catalog
// cannot be reached.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/group.hpp"
#include "base/record.hpp"

namespace stoa {

enum class NodeStatus : uint8_t {
  kAlive = 0,     // a member; whether it can be reached is another question
  kDraining = 1,  // a member whose replicas are to be moved away
  kGone = 2,      // was removed; its name is free again
};
inline constexpr EnumName<NodeStatus> kNodeStatusNames[] = {
    {NodeStatus::kAlive, "alive"}, {NodeStatus::kDraining, "draining"}, {NodeStatus::kGone, "gone"}};
constexpr auto enum_names(NodeStatus) { return EnumNames<NodeStatus>(kNodeStatusNames); }

struct DirectoryNode {
  std::string name;
  std::string host;
  uint32_t cluster_port = 0;
  uint32_t http_port = 0;
  uint32_t admin_port = 0;
  std::vector<std::string> services;  // what it may host; the catalog may be hosted by every node
  bool gateway = false;  // serves the public API. (On the wire false is left out, so it must be the default)
  NodeStatus status = NodeStatus::kAlive;
  // Of its data directory: the replicas that are placed on it are for that one alone. Empty: it has joined and was not
  // met yet, and holds none.
  std::string data_id;
};
// For people: that of the directory, and "joining" where it was not met yet.
std::string status_of(const DirectoryNode& node);
template <class V>
void fields(V& v, DirectoryNode& x) {
  v(1, "name", x.name);
  v(2, "host", x.host);
  v(3, "cluster_port", x.cluster_port);
  v(4, "http_port", x.http_port);
  v(5, "admin_port", x.admin_port);
  v(6, "services", x.services);
  v(7, "gateway", x.gateway);
  v(8, "status", x.status);
  v(9, "data_id", x.data_id);
}

struct DirectoryReplica {
  std::string node;
  uint64_t id = 0;  // a ReplicaId
};
template <class V>
void fields(V& v, DirectoryReplica& x) {
  v(1, "node", x.node);
  v(2, "id", x.id);
}

// Where the replicas of a shard are meant to be. Its leader brings its members there: a new replica as a learner first,
// then a voter; whoever is named no longer is removed.
struct DirectoryGroup {
  uint32_t service = 0;
  uint32_t shard = 0;
  uint64_t epoch = 0;                      // 1 at first, rises with each change of `replicas`
  std::vector<DirectoryReplica> replicas;  // the first one is the preferred leader
  bool settled = false;                    // the leader said that its members are these, and no others
  std::string reason;                      // why they are there, for a person
  std::vector<DirectoryReplica> leaving;   // were named before, and may be members still; empty once it is settled
  bool pinned = false;                     // was moved by hand: stays until its node leaves or all is placed anew

  GroupId id() const { return {static_cast<uint16_t>(service), static_cast<uint16_t>(shard)}; }
};
template <class V>
void fields(V& v, DirectoryGroup& x) {
  v(1, "service", x.service);
  v(2, "shard", x.shard);
  v(3, "epoch", x.epoch);
  v(4, "replicas", x.replicas);
  v(5, "settled", x.settled);
  v(6, "reason", x.reason);
  v(7, "leaving", x.leaving);
  v(8, "pinned", x.pinned);
}

struct Directory {
  std::string formation;  // names the cluster's data for ever: minted when it was formed; empty = not formed yet
  uint64_t version = 0;   // rises with each change of any of this
  std::string cluster;
  uint32_t replication = 0;
  std::vector<DirectoryNode> nodes;    // in the order of joining; the gone ones are kept
  std::vector<DirectoryGroup> groups;  // in the order of their ids, the catalog's first

  bool formed() const { return !formation.empty(); }
  const DirectoryNode* node(std::string_view name) const;
  const DirectoryGroup* group(GroupId id) const;
  // Where a replica is meant to be, or is leaving; empty = the group knows none of this id now.
  std::string_view node_of(GroupId group, ReplicaId replica) const;
};
template <class V>
void fields(V& v, Directory& x) {
  v(1, "formation", x.formation);
  v(2, "version", x.version);
  v(3, "cluster", x.cluster);
  v(4, "replication", x.replication);
  v(5, "nodes", x.nodes);
  v(6, "groups", x.groups);
}

}  // namespace stoa
