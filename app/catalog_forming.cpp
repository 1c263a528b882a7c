#include "app/catalog_forming.hpp"

namespace stoa {

Directory directory_of_one(const Config& config, const NodeConfig& node,
                           const std::map<GroupId, ReplicaBirth>& replicas, std::string formation) {
  Directory d;
  d.formation = std::move(formation);
  d.version = 1;
  d.cluster = config.cluster;
  d.replication = config.replication;
  DirectoryNode self;
  self.name = node.name;
  self.host = node.host;
  self.cluster_port = node.cluster_port;
  self.http_port = node.http_port;
  self.admin_port = node.admin_port;
  self.services = node.services;
  self.gateway = node.gateway;
  self.data_id = d.formation;
  d.nodes.push_back(std::move(self));
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
