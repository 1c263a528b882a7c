#include "cluster/held_replicas.hpp"

namespace stoa {

std::vector<GroupId> former_replicas(const DataIdentity& held, const Directory& directory) {
  std::vector<GroupId> former;
  if (directory.version < held.placed_by_version) return former;
  for (const auto& [group, birth] : held.replicas) {
    if (directory.group(group) != nullptr && directory.node_of(group, birth.id).empty()) former.push_back(group);
  }
  return former;
}

std::map<GroupId, ReplicaBirth> new_replicas(const DataIdentity& held, const Directory& directory,
                                             const std::string& node) {
  std::map<GroupId, ReplicaBirth> fresh;
  if (directory.version < held.placed_by_version) return fresh;
  for (const DirectoryGroup& group : directory.groups) {
    if (held.replicas.count(group.id()) != 0) continue;
    for (const DirectoryReplica& replica : group.replicas) {
      if (replica.node == node) fresh.emplace(group.id(), ReplicaBirth{replica.id, {}});
    }
  }
  return fresh;
}

}  // namespace stoa
