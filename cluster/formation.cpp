#include "cluster/formation.hpp"

#include "base/crc32c.hpp"

namespace stoa {

std::string shape_of(const Config& config) {
  std::string text = config.cluster + '\n' + std::to_string(config.replication) + '\n';
  for (const auto& [service, count] : config.shards) text += service + '=' + std::to_string(count) + '\n';
  for (const NodeConfig& node : config.nodes) {
    text += node.name + ':';
    for (const std::string& service : node.services) text += service + ',';
    text += '\n';
  }
  return std::to_string(crc32c(text));
}

std::vector<DirectoryNode> nodes_of(const Config& config) {
  std::vector<DirectoryNode> nodes;
  for (const NodeConfig& from : config.nodes) {
    DirectoryNode& node = nodes.emplace_back();
    node.name = from.name;
    node.host = from.host;
    node.cluster_port = from.cluster_port;
    node.http_port = from.http_port;
    node.admin_port = from.admin_port;
    node.services = from.services;
    node.gateway = from.gateway;
  }
  return nodes;
}

Formation::Formation(std::vector<DirectoryNode> nodes, std::string own_node, NodeFacts own)
    : nodes_(std::move(nodes)), own_node_(std::move(own_node)), own_(std::move(own)) {}

std::string Formation::waits_for() const {
  std::string missing;
  for (const DirectoryNode& node : nodes_) {
    if (node.name == own_node_) continue;
    const auto met = met_.find(node.name);
    if (met == met_.end()) {
      missing += (missing.empty() ? "" : ", ") + node.name;
    } else if (!met->second.formation.empty()) {
      return node.name +
             " belongs to a cluster already, and this node waits to be let in: `stoa cluster join`, if it is new";
    } else if (met->second.shape != own_.shape) {
      return "the configuration of " + node.name + " names other nodes, services, shards or another replication";
    }
  }
  return missing.empty()
             ? missing
             : "waits for " + missing + ": a new cluster is formed when all its nodes have met; one that is " +
                   "there lets this node in by `stoa cluster join " + own_node_ + "`";
}

std::optional<std::vector<DirectoryNode>> Formation::may_plan() const {
  if (nodes_.empty() || nodes_.front().name != own_node_ || !waits_for().empty()) return std::nullopt;
  std::vector<DirectoryNode> nodes = nodes_;
  for (DirectoryNode& node : nodes) node.data_id = node.name == own_node_ ? own_.data_id : met_.at(node.name).data_id;
  return nodes;
}

bool Formation::is_for_us(const Directory& plan) const {
  const DirectoryNode* const us = plan.node(own_node_);
  return us != nullptr && us->data_id == own_.data_id;
}

bool Formation::lacks(const std::string& node, const Directory& plan) const {
  const auto met = met_.find(node);
  const DirectoryNode* const planned = plan.node(node);
  return met != met_.end() && planned != nullptr && met->second.formation.empty() &&
         met->second.data_id == planned->data_id;
}

}  // namespace stoa
