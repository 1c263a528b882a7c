// What others may know of the catalog: who belongs to the cluster and where shards are, as commands and queries. What
// a node learns in one look stands in CatalogView. Settings and keys: actors/catalog/types_settings.hpp,
// types_keys.hpp.
//
// The catalog has one shard. All commands are for administrators and for the program itself; `by` says for whom, and is
// kept in the audit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/outcome.hpp"
#include "base/record.hpp"
#include "cluster/directory.hpp"

namespace stoa {

// ---- The forming of a cluster

// The plan that the cluster was formed by becomes the first content; the same plan again changes nothing.
struct FormCluster {
  static constexpr std::string_view kName = "FormCluster";
  Directory plan;
};
template <class V>
void fields(V& v, FormCluster& x) {
  v(1, "plan", x.plan);
}

// ---- Members. Each answers with ClusterChange as JSON.

struct ServiceShards {
  std::string service;
  uint32_t shards = 0;
};
template <class V>
void fields(V& v, ServiceShards& x) {
  v(1, "service", x.service);
  v(2, "shards", x.shards);
}

// A node that is there under this name already, and the same in all else, changes nothing. It is given replicas once it
// has been met and admitted.
struct JoinNode {
  static constexpr std::string_view kName = "JoinNode";
  DirectoryNode node;  // its status and data_id mean nothing
  std::string by;
  std::string cluster;                // as its configuration says, which must be this one; empty: not said
  std::vector<ServiceShards> shards;  // likewise; those not named: not said
};
template <class V>
void fields(V& v, JoinNode& x) {
  v(1, "node", x.node);
  v(2, "by", x.by);
  v(3, "cluster", x.cluster);
  v(4, "shards", x.shards);
}

// A member was met whose data directory belongs to no cluster yet and is not the one that the directory names: its
// first one, or another since it lost that. From here on the node is this directory. What replicas it had are replaced,
// all at once, by others with new ids, so that nothing the lost directory has promised is promised again.
struct AdmitNode {
  static constexpr std::string_view kName = "AdmitNode";
  std::string name;
  std::string data_id;
  std::string instead_of;  // the data_id that the directory named meanwhile; another one by now: refused
};
template <class V>
void fields(V& v, AdmitNode& x) {
  v(1, "name", x.name);
  v(2, "data_id", x.data_id);
  v(3, "instead_of", x.instead_of);
}

// Its replicas are moved away, a few at a time.
struct DrainNode {
  static constexpr std::string_view kName = "DrainNode";
  std::string name;
  std::string by;
};
template <class V>
void fields(V& v, DrainNode& x) {
  v(1, "name", x.name);
  v(2, "by", x.by);
}

struct UndrainNode {
  static constexpr std::string_view kName = "UndrainNode";
  std::string name;
  std::string by;
};
template <class V>
void fields(V& v, UndrainNode& x) {
  v(1, "name", x.name);
  v(2, "by", x.by);
}

// Refused while the node holds replicas, unless forced: then it counts as lost, and others take its replicas over.
struct RemoveNode {
  static constexpr std::string_view kName = "RemoveNode";
  std::string name;
  bool forced = false;
  std::string by;
};
template <class V>
void fields(V& v, RemoveNode& x) {
  v(1, "name", x.name);
  v(2, "forced", x.forced);
  v(3, "by", x.by);
}

// ---- Placement

struct MoveReplica {
  static constexpr std::string_view kName = "MoveReplica";
  uint32_t service = 0;
  uint32_t shard = 0;
  std::string from;  // a node
  std::string to;    // a node
  std::string by;
};
template <class V>
void fields(V& v, MoveReplica& x) {
  v(1, "service", x.service);
  v(2, "shard", x.shard);
  v(3, "from", x.from);
  v(4, "to", x.to);
  v(5, "by", x.by);
}

// A group's leader says that its members are those that `epoch` wanted, and no others.
struct SettleGroup {
  static constexpr std::string_view kName = "SettleGroup";
  uint32_t service = 0;
  uint32_t shard = 0;
  uint64_t epoch = 0;
  std::vector<uint64_t> members;  // ReplicaIds
};
template <class V>
void fields(V& v, SettleGroup& x) {
  v(1, "service", x.service);
  v(2, "shard", x.shard);
  v(3, "epoch", x.epoch);
  v(4, "members", x.members);
}

// Places all anew by the rule, what was moved by hand included.
struct RebalanceGroups {
  static constexpr std::string_view kName = "RebalanceGroups";
  std::string by;
};
template <class V>
void fields(V& v, RebalanceGroups& x) {
  v(1, "by", x.by);
}

// One change of where a group's replicas are meant to be.
struct PlacementChange {
  uint32_t service = 0;
  uint32_t shard = 0;
  std::string from;  // empty: one is added
  std::string to;    // empty: one is dropped
  std::string reason;

  GroupId group() const { return {static_cast<uint16_t>(service), static_cast<uint16_t>(shard)}; }
};
template <class V>
void fields(V& v, PlacementChange& x) {
  v(1, "service", x.service);
  v(2, "shard", x.shard);
  v(3, "from", x.from);
  v(4, "to", x.to);
  v(5, "reason", x.reason);
}

// What a command came to: the directory's version now, and the changes that have begun with it.
struct ClusterChange {
  uint64_t version = 0;
  std::vector<PlacementChange> changes;
};
template <class V>
void fields(V& v, ClusterChange& x) {
  v(1, "version", x.version);
  v(2, "changes", x.changes);
}

// ---- Reading

// Reply: DirectoryView.
struct ReadDirectory {
  static constexpr std::string_view kName = "ReadDirectory";
  uint64_t since_version = 0;
};
template <class V>
void fields(V& v, ReadDirectory& x) {
  v(1, "since_version", x.since_version);
}

struct DirectoryView {
  bool unchanged = false;  // `since_version` is the newest: the directory is left out
  Directory directory;
};
template <class V>
void fields(V& v, DirectoryView& x) {
  v(1, "unchanged", x.unchanged);
  v(2, "directory", x.directory);
}

// Who changed what: the newest first, as JSON.
struct ListAudit {
  static constexpr std::string_view kName = "ListAudit";
  uint64_t limit = 100;
};
template <class V>
void fields(V& v, ListAudit& x) {
  v(1, "limit", x.limit);
}

struct AuditEntry {
  uint64_t seq = 0;
  Time at;
  std::string by;
  std::string what;    // the command's name
  std::string detail;  // for a person
};
template <class V>
void fields(V& v, AuditEntry& x) {
  v(1, "seq", x.seq);
  v(2, "at", x.at);
  v(3, "by", x.by);
  v(4, "what", x.what);
  v(5, "detail", x.detail);
}

struct AuditList {
  std::vector<AuditEntry> items;
};
template <class V>
void fields(V& v, AuditList& x) {
  v(1, "items", x.items);
}

// ---- Refusals
inline constexpr RefusalKind kNotFormed{"not_formed"};           // the catalog knows of no cluster yet
inline constexpr RefusalKind kNodeNameTaken{"node_name_taken"};  // by a living node, or its last replicas
inline constexpr RefusalKind kNodeHoldsReplicas{"node_holds_replicas"};
inline constexpr RefusalKind kNoOtherNode{"no_other_node"};  // nothing could take the replicas over
inline constexpr RefusalKind kGroupMoves{"group_moves"};     // one change at a time

}  // namespace stoa
