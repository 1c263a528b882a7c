#include "cluster/placement.hpp"

#include <algorithm>

#include "cluster/lead_spread.hpp"

namespace stoa {
namespace {

constexpr uint32_t kCatalogVoters = 3;

// FNV-1a 64 with a last mix (SplitMix64's), since near names must not give near weights.
uint64_t weight_of(const std::string& node, const PlacementService& service, uint16_t shard) {
  uint64_t h = 0xcbf29ce484222325u;
  const auto add = [&](uint8_t byte) { h = (h ^ byte) * 0x100000001b3u; };
  for (const char c : node) add(static_cast<uint8_t>(c));
  for (const uint16_t part : {service.number, shard}) add(static_cast<uint8_t>(part >> 8)), add(part & 0xff);
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
  h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
  return h ^ (h >> 31);
}

bool hosts(const DirectoryNode& node, const PlacementService& service) {
  return node.status == NodeStatus::kAlive &&
         std::find(node.services.begin(), node.services.end(), service.name) != node.services.end();
}

ReplicaId mint_replica(Random& random) {
  ReplicaId id = 0;
  while (id == 0) id = random.u64();
  return id;
}

DirectoryGroup placed(uint16_t service, uint16_t shard, const std::vector<std::string>& nodes, Random& random) {
  DirectoryGroup group;
  group.service = service;
  group.shard = shard;
  for (const std::string& node : nodes) group.replicas.push_back({node, mint_replica(random)});
  group.epoch = 1;
  group.settled = true;
  group.reason = "the cluster was formed";
  return group;
}

}  // namespace

std::vector<std::string> choose_nodes(const std::vector<DirectoryNode>& nodes, const PlacementService& service,
                                      uint16_t shard, uint32_t count) {
  std::vector<std::pair<uint64_t, std::string>> weighed;
  for (const DirectoryNode& node : nodes) {
    if (hosts(node, service)) weighed.emplace_back(weight_of(node.name, service, shard), node.name);
  }
  std::sort(weighed.rbegin(), weighed.rend());
  std::vector<std::string> chosen;
  for (auto& [weight, name] : weighed) {
    if (chosen.size() < count) chosen.push_back(std::move(name));
  }
  return chosen;
}

Directory plan_cluster(const std::string& cluster, uint32_t replication, std::vector<DirectoryNode> nodes,
                       const std::vector<PlacementService>& services, const std::vector<uint16_t>& led_together,
                       Random& random) {
  Directory plan;
  plan.formation = mint_uuid(Time{0}, 0, random).hex();
  plan.version = 1;
  plan.cluster = cluster;
  plan.replication = replication;
  plan.nodes = std::move(nodes);
  std::vector<std::string> first;
  for (const DirectoryNode& node : plan.nodes) {
    if (first.size() < kCatalogVoters) first.push_back(node.name);
  }
  plan.groups.push_back(placed(0, 0, first, random));
  for (const PlacementService& service : services) {
    for (uint16_t shard = 0; shard < service.shards; ++shard) {
      const auto chosen = choose_nodes(plan.nodes, service, shard, replication);
      plan.groups.push_back(placed(service.number, shard, chosen, random));
    }
  }
  spread_leaders(plan.groups, led_together);
  return plan;
}

}  // namespace stoa
