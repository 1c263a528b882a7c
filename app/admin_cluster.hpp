// The admin port's resources for operating a cluster, beside GET /v1/cluster itself.
//
//   GET    /v1/cluster/nodes                 members, and how much each holds
//   GET    /v1/cluster/placement             where each shard's replicas are meant to be, and why
//   GET    /v1/cluster/audit                 who changed what, the newest first
//   GET    /v1/cluster/keys                  the signing keys' ids and times
//   POST   /v1/cluster/nodes                 {name, host, cluster_port, http_port, admin_port, services?, gateway?,
//                                             cluster?, shards?: [{service, shards}], as its configuration says}
//   POST   /v1/cluster/nodes/{name}/drain    {}; likewise /undrain
//   DELETE /v1/cluster/nodes/{name}?force=   true: the node is lost
//   POST   /v1/cluster/moves                 {service, shard, from, to}
//   POST   /v1/cluster/rebalance             {}
//   POST   /v1/cluster/keys/rotate           {}
//   POST   /v1/cluster/keys/replace          {}: the master key is lost
//
// What changes members or placement answers {version, changes: [{service, shard, from, to, reason}]}.
#pragma once

#include <string>
#include <vector>

#include "app/catalog_call.hpp"
#include "app/key_keeper.hpp"
#include "base/record.hpp"
#include "cluster/directory.hpp"
#include "gateway/admin_listener.hpp"

namespace stoa {

struct MemberRow {
  std::string name;
  std::string status;  // of the directory: joining (not met yet), alive, draining, gone
  std::string host;
  uint32_t cluster_port = 0;
  uint32_t http_port = 0;
  uint32_t admin_port = 0;
  std::vector<std::string> services;
  bool gateway = false;
  uint64_t replicas = 0;  // that are meant to be there
  uint64_t leaving = 0;   // that are on their way from there
};
template <class V>
void fields(V& v, MemberRow& x) {
  v(1, "name", x.name);
  v(2, "status", x.status);
  v(3, "host", x.host);
  v(4, "cluster_port", x.cluster_port);
  v(5, "http_port", x.http_port);
  v(6, "admin_port", x.admin_port);
  v(7, "services", x.services);
  v(8, "gateway", x.gateway);
  v(9, "replicas", x.replicas);
  v(10, "leaving", x.leaving);
}

struct MembersDocument {
  uint64_t version = 0;  // of the directory
  std::string cluster;
  uint64_t moving = 0;  // shards on the move
  std::vector<MemberRow> nodes;
};
template <class V>
void fields(V& v, MembersDocument& x) {
  v(1, "version", x.version);
  v(2, "cluster", x.cluster);
  v(3, "moving", x.moving);
  v(4, "nodes", x.nodes);
}

struct PlacementRow {
  std::string service;
  uint32_t shard = 0;
  uint64_t epoch = 0;
  bool settled = false;
  bool pinned = false;
  std::vector<std::string> nodes;    // the preferred leader first
  std::vector<std::string> leaving;  // that may be members still
  std::string reason;
};
template <class V>
void fields(V& v, PlacementRow& x) {
  v(1, "service", x.service);
  v(2, "shard", x.shard);
  v(3, "epoch", x.epoch);
  v(4, "settled", x.settled);
  v(5, "pinned", x.pinned);
  v(6, "nodes", x.nodes);
  v(7, "leaving", x.leaving);
  v(8, "reason", x.reason);
}

struct PlacementDocument {
  uint64_t version = 0;
  std::vector<PlacementRow> shards;
};
template <class V>
void fields(V& v, PlacementDocument& x) {
  v(1, "version", x.version);
  v(2, "shards", x.shards);
}

MembersDocument members_document(const Directory& directory);
PlacementDocument placement_document(const Directory& directory);

// Both outlive the routes.
std::vector<AdminRoute> cluster_routes(CatalogCaller& catalog, KeyKeeper& keeper, const std::string& node);

}  // namespace stoa
