// Which nodes hold a shard's replicas, computed, not negotiated: rendezvous hashing over the nodes that host its
// service, so that a node that comes or goes moves only what it must.
// Source: D. Thaler, C. Ravishankar, "A Name-Based Mapping Scheme for Rendezvous" (1996).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/group.hpp"
#include "base/random.hpp"
#include "cluster/directory.hpp"

namespace stoa {

struct PlacementService {
  std::string name;
  uint16_t number = 0;
  uint16_t shards = 0;
};

// The nodes for one group, best first: at most `count` of those that are alive and host the service.
std::vector<std::string> choose_nodes(const std::vector<DirectoryNode>& nodes, const PlacementService& service,
                                      uint16_t shard, uint32_t count);

// The directory of a cluster that is being formed: every group on its nodes, with new replica ids. The catalog (service
// 0) has one group, on the first min(3, nodes) nodes in their order. Leaders as in lead_spread.hpp.
Directory plan_cluster(const std::string& cluster, uint32_t replication, std::vector<DirectoryNode> nodes,
                       const std::vector<PlacementService>& services, const std::vector<uint16_t>& led_together,
                       Random& random);

}  // namespace stoa
