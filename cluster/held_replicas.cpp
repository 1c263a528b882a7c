#include "cluster/held_replicas.hpp"

namespace stoa {

std::vector<GroupId> former_replicas(const DataIdentity& held, const Directory& directory) {
  std::vector<GroupId> former;
  if (directory.version < held.opened_by_version) return former;
  for (const auto& [group, birth] : held.replicas) {
    if (directory.group(group) != nullptr && directory.node_of(group, birth.id).empty()) former.push_back(group);
  }
  return former;
}

}  // namespace stoa
