// Which node a request for a shard is sent to: the one that is known to lead it, or those that might, one after the
// other. Plain bookkeeping; what it says may be wrong, and then whoever was asked says so.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/group.hpp"
#include "cluster/directory.hpp"

namespace stoa {

class LeaderTable {
 public:
  explicit LeaderTable(std::string own_node) : own_(std::move(own_node)) {}

  void placed(const Directory& directory);
  void up(const std::string& node) { up_.insert(node); }
  void down(const std::string& node);

  // The node to ask at the `attempt`th try (0, 1, ...); empty when no node that may lead the group can be reached.
  std::string pick(GroupId group, int attempt) const;
  // Somebody said that `node` leads; ignored when it cannot be reached. True when this was news.
  bool learn(GroupId group, const std::string& node);
  // `node` was asked and does not lead.
  void forget(GroupId group, const std::string& node);

  const std::string& own() const { return own_; }

 private:
  bool reachable(const std::string& node) const { return node == own_ || up_.count(node) != 0; }

  const std::string own_;
  std::set<std::string> up_;
  std::map<GroupId, std::string> leaders_;
  std::map<GroupId, std::vector<std::string>> candidates_;  // the preferred leader first
};

}  // namespace stoa
