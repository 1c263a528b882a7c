#include "app/catalog_forming.hpp"

#include "cluster/formation.hpp"

namespace stoa {

Directory directory_of_one(const Config& config, const NodeConfig& node,
                           const std::map<GroupId, ReplicaBirth>& replicas, std::string formation) {
  Directory d;
  d.formation = std::move(formation);
  d.version = 1;
  d.cluster = config.cluster;
  d.replication = config.replication;
  for (DirectoryNode& entry : nodes_of(config)) {
    if (entry.name != node.name) continue;
    entry.data_id = d.formation;
    d.nodes.push_back(std::move(entry));
  }
  for (const auto& [id, replica] : replicas) {
    DirectoryGroup group;
    group.service = id.service;
    group.shard = id.shard;
    group.epoch = 1;
    group.replicas = {{node.name, replica.id}};
    group.settled = true;
    group.reason = "the cluster was formed";
    d.groups.push_back(std::move(group));
  }
  return d;
}

}  // namespace stoa
