#include "actors/runtime/leader_table.hpp"

namespace stoa {

void LeaderTable::placed(const Directory& directory) {
  candidates_.clear();
  for (const DirectoryGroup& group : directory.groups) {
    std::vector<std::string>& nodes = candidates_[group.id()];
    for (const DirectoryReplica& replica : group.replicas) nodes.push_back(replica.node);
  }
}

void LeaderTable::down(const std::string& node) {
  up_.erase(node);
  for (auto it = leaders_.begin(); it != leaders_.end();) it = it->second == node ? leaders_.erase(it) : std::next(it);
}

std::string LeaderTable::pick(GroupId group, int attempt) const {
  const auto known = leaders_.find(group);
  if (known != leaders_.end()) return known->second;
  const auto placed = candidates_.find(group);
  if (placed == candidates_.end()) return {};
  const std::vector<std::string>& nodes = placed->second;
  for (size_t i = 0; i < nodes.size(); ++i) {
    const std::string& node = nodes[(static_cast<size_t>(attempt) + i) % nodes.size()];
    if (reachable(node)) return node;
  }
  return {};
}

bool LeaderTable::learn(GroupId group, const std::string& node) {
  if (!reachable(node)) return false;
  std::string& known = leaders_[group];
  if (known == node) return false;
  known = node;
  return true;
}

void LeaderTable::forget(GroupId group, const std::string& node) {
  const auto known = leaders_.find(group);
  if (known != leaders_.end() && known->second == node) leaders_.erase(known);
}

}  // namespace stoa
