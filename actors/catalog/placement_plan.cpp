#include "actors/catalog/placement_plan.hpp"

#include <algorithm>
#include <optional>

#include "actors/service_number.hpp"
#include "cluster/placement.hpp"

namespace stoa::catalog {
namespace {

bool names(const std::vector<DirectoryReplica>& replicas, std::string_view node) {
  return std::any_of(replicas.begin(), replicas.end(), [&](const DirectoryReplica& r) { return r.node == node; });
}

const DirectoryNode& node_at(const Directory& directory, const DirectoryReplica& replica) {
  const DirectoryNode* node = directory.node(replica.node);
  STOA_CHECK(node != nullptr, "a replica's node is in the directory");
  return *node;
}

// Every node that takes the group, best first.
std::vector<std::string> ranked(const Directory& directory, const DirectoryGroup& group) {
  const GroupId id = group.id();
  const PlacementService service{std::string(service_name(id.service)), id.service, 1};
  std::vector<DirectoryNode> nodes;
  for (const DirectoryNode& node : directory.nodes) {
    if (!takes(node, id.service)) continue;
    nodes.push_back(node);
    if (id.service == service_number::catalog) nodes.back().services.push_back(service.name);
  }
  return choose_nodes(nodes, service, id.shard, static_cast<uint32_t>(nodes.size()));
}

// The best node that takes the group and has nothing of it.
std::optional<std::string> free_node(const std::vector<std::string>& ranked, const DirectoryGroup& group) {
  for (const std::string& node : ranked) {
    if (!names(group.replicas, node) && !names(group.leaving, node)) return node;
  }
  return std::nullopt;
}

PlacementChange change_of(const DirectoryGroup& group, std::string from, std::string to, std::string reason) {
  return {group.service, group.shard, std::move(from), std::move(to), std::move(reason)};
}

bool is_stuck(const Directory& directory, const DirectoryGroup& group) {
  return std::any_of(group.replicas.begin(), group.replicas.end(),
                     [&](const DirectoryReplica& r) { return node_at(directory, r).status == NodeStatus::kGone; });
}

bool lives_elsewhere(const Directory& directory, const DirectoryGroup& group) {
  return std::any_of(group.replicas.begin(), group.replicas.end(),
                     [&](const DirectoryReplica& r) { return node_at(directory, r).status != NodeStatus::kGone; });
}

std::string why_leaving(const DirectoryNode& node) {
  if (node.status == NodeStatus::kGone) return node.name + " was removed";
  if (node.status == NodeStatus::kDraining) return node.name + " is drained";
  return node.name + " hosts this service no longer";
}

// What must be changed about this group: a replica that is where none may be, or one that is missing.
std::optional<PlacementChange> repair(const Directory& directory, const DirectoryGroup& group) {
  const std::vector<std::string> nodes = ranked(directory, group);
  const std::optional<std::string> free = free_node(nodes, group);
  const size_t wanted = std::min<size_t>(wanted_replicas(directory, group), nodes.size());
  // The gone ones first: they can do nothing for the group any more.
  for (const bool gone : {true, false}) {
    if (!gone && !group.settled) continue;
    for (const DirectoryReplica& r : group.replicas) {
      const DirectoryNode& node = node_at(directory, r);
      if (takes(node, group.id().service) || gone != (node.status == NodeStatus::kGone)) continue;
      if (free) return change_of(group, r.node, *free, why_leaving(node));
      const bool others =
          gone ? lives_elsewhere(directory, group) : group.replicas.size() > std::max<size_t>(wanted, 1);
      if (others) return change_of(group, r.node, "", why_leaving(node) + ", and no other node can take its place");
    }
  }
  if (group.settled && group.replicas.size() < wanted && free)
    return change_of(group, "", *free, "one replica was missing");
  return std::nullopt;
}

// What the rule would place elsewhere. The catalog stays where it is.
std::optional<PlacementChange> improve(const Directory& directory, const DirectoryGroup& group) {
  if (!group.settled || group.pinned || group.id().service == service_number::catalog) return std::nullopt;
  std::vector<std::string> best = ranked(directory, group);
  best.resize(std::min(best.size(), group.replicas.size()));
  const auto to = std::find_if(best.begin(), best.end(), [&](const auto& n) { return !names(group.replicas, n); });
  const auto from = std::find_if(group.replicas.begin(), group.replicas.end(), [&](const DirectoryReplica& r) {
    return std::find(best.begin(), best.end(), r.node) == best.end();
  });
  if (to == best.end() || from == group.replicas.end()) return std::nullopt;
  return change_of(group, from->node, *to, "spreads the shards evenly over the nodes");
}

}  // namespace

bool takes(const DirectoryNode& node, uint16_t service) {
  if (node.status != NodeStatus::kAlive || node.data_id.empty()) return false;
  return service == service_number::catalog ||
         std::find(node.services.begin(), node.services.end(), service_name(service)) != node.services.end();
}

size_t wanted_replicas(const Directory& directory, const DirectoryGroup& group) {
  const auto able = std::count_if(directory.nodes.begin(), directory.nodes.end(),
                                  [&](const DirectoryNode& n) { return takes(n, group.id().service); });
  const bool catalog = group.id().service == service_number::catalog;
  return std::min<size_t>(catalog ? kCatalogReplicas : directory.replication, static_cast<size_t>(able));
}

size_t replicas_held(const Directory& directory, std::string_view node) {
  size_t held = 0;
  for (const DirectoryGroup& group : directory.groups) {
    held += names(group.replicas, node) || names(group.leaving, node) ? 1 : 0;
  }
  return held;
}

std::vector<PlacementChange> next_changes(const Directory& directory) {
  size_t moving = 0;
  for (const DirectoryGroup& group : directory.groups) moving += group.settled ? 0 : 1;
  std::vector<PlacementChange> changes;
  const auto consider = [&](const auto& rule) {
    for (const DirectoryGroup& group : directory.groups) {
      // One that is stuck is on the move already, and takes no more room.
      const bool stuck = !group.settled && is_stuck(directory, group);
      if (!group.settled && !stuck) continue;
      if (!stuck && moving >= kMovesAtOnce) continue;
      if (std::any_of(changes.begin(), changes.end(), [&](const auto& c) { return c.group() == group.id(); })) continue;
      if (auto change = rule(directory, group)) {
        changes.push_back(std::move(*change));
        moving += stuck ? 0 : 1;
      }
    }
  };
  consider(repair);
  consider(improve);
  return changes;
}

void apply_change(const PlacementChange& change, const std::function<uint64_t()>& mint, Directory& directory) {
  const auto group = std::find_if(directory.groups.begin(), directory.groups.end(),
                                  [&](const DirectoryGroup& g) { return g.id() == change.group(); });
  STOA_CHECK(group != directory.groups.end(), "a change is of a group of the directory");
  const auto from = std::find_if(group->replicas.begin(), group->replicas.end(),
                                 [&](const DirectoryReplica& r) { return r.node == change.from; });
  STOA_CHECK(change.from.empty() == (from == group->replicas.end()), "a change takes a replica that is there");
  if (from == group->replicas.end()) {
    group->replicas.push_back({change.to, mint()});
  } else {
    group->leaving.push_back(*from);
    if (change.to.empty())
      group->replicas.erase(from);
    else
      *from = {change.to, mint()};
  }
  ++group->epoch;
  group->settled = false;
  group->pinned = false;
  group->reason = change.reason;
}

}  // namespace stoa::catalog
