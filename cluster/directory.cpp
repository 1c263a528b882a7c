#include "cluster/directory.hpp"

#include <algorithm>

namespace stoa {

std::string status_of(const DirectoryNode& node) {
  const bool joining = node.status == NodeStatus::kAlive && node.data_id.empty();
  return joining ? "joining" : std::string(name_of(node.status));
}

const DirectoryNode* Directory::node(std::string_view name) const {
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const DirectoryNode& n) { return n.name == name; });
  return found == nodes.end() ? nullptr : &*found;
}

const DirectoryGroup* Directory::group(GroupId id) const {
  const auto found = std::find_if(groups.begin(), groups.end(), [&](const DirectoryGroup& g) { return g.id() == id; });
  return found == groups.end() ? nullptr : &*found;
}

std::string_view Directory::node_of(GroupId group_id, ReplicaId replica) const {
  const DirectoryGroup* at = group(group_id);
  if (at == nullptr) return {};
  for (const auto* replicas : {&at->replicas, &at->leaving}) {
    for (const DirectoryReplica& r : *replicas) {
      if (r.id == replica) return r.node;
    }
  }
  return {};
}

}  // namespace stoa
