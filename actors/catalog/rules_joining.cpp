#include <algorithm>
#include <set>

#include "actors/catalog/directory_store.hpp"
#include "actors/catalog/placement_plan.hpp"
#include "actors/catalog/rules.hpp"
#include "actors/service_number.hpp"

namespace stoa::catalog {
namespace {

std::vector<FieldError> faults_of(const DirectoryNode& node) {
  std::vector<FieldError> faults;
  if (node.name.empty()) faults.push_back({"/name", "required", "must not be empty"});
  if (node.host.empty()) faults.push_back({"/host", "required", "must not be empty"});
  const auto port = [&](const char* pointer, uint32_t value) {
    if (value < 1 || value > 65535) faults.push_back({pointer, "out_of_range", "must be from 1 to 65535"});
  };
  port("/cluster_port", node.cluster_port);
  port("/http_port", node.http_port);
  port("/admin_port", node.admin_port);
  std::set<std::string> seen;
  for (size_t i = 0; i < node.services.size(); ++i) {
    const std::string& name = node.services[i];
    bool known = false;
    for (uint16_t number = 1; number < ShardCounts{}.size(); ++number) known = known || service_name(number) == name;
    const std::string pointer = "/services/" + std::to_string(i);
    if (!known || name.empty()) faults.push_back({pointer, "invalid_value", "there is no service \"" + name + "\""});
    if (!seen.insert(name).second) faults.push_back({pointer, "duplicate", "named twice"});
  }
  return faults;
}

// What its configuration says of the cluster and is not so.
std::vector<FieldError> strange(const JoinNode& c, const Directory& d) {
  std::vector<FieldError> faults;
  if (!c.cluster.empty() && c.cluster != d.cluster)
    faults.push_back({"/cluster", "invalid_value", "this is the cluster \"" + d.cluster + "\""});
  for (const ServiceShards& said : c.shards) {
    const auto count = std::count_if(d.groups.begin(), d.groups.end(), [&](const DirectoryGroup& g) {
      return service_name(g.id().service) == said.service;
    });
    if (count == 0 || count == static_cast<int64_t>(said.shards)) continue;
    faults.push_back({"/shards/" + said.service, "invalid_value",
                      "the cluster was made with " + std::to_string(count) + ", and their number is fixed for good"});
  }
  return faults;
}

bool same_member(DirectoryNode a, const DirectoryNode& b) {
  a.status = b.status;
  a.data_id = b.data_id;
  return encode(a) == encode(b);
}

// Whether another node that lives has a replica of the group, or had one before the move that is under way.
bool has_other_copy(const Directory& d, const DirectoryGroup& group, const std::string& node) {
  for (const auto* replicas : {&group.replicas, &group.leaving}) {
    for (const DirectoryReplica& r : *replicas) {
      const DirectoryNode* const at = d.node(r.node);
      if (r.node != node && at != nullptr && at->status != NodeStatus::kGone) return true;
    }
  }
  return false;
}

}  // namespace

Outcome join_node(const JoinNode& c, const Call& call, Transaction& tx) {
  if (!may_change(call)) return not_for_you();
  if (auto faults = faults_of(c.node); !faults.empty())
    return refuse(kValidationFailed, "the node cannot be as described", std::move(faults));
  const Directory before = read_directory(tx);
  if (!before.formed()) return not_formed();
  if (auto faults = strange(c, before); !faults.empty())
    return refuse(kValidationFailed, "the configuration is of another cluster", std::move(faults));
  Directory after = before;
  if (const DirectoryNode* there = node_in(after, c.node.name)) {
    if (same_member(c.node, *there)) return ok(ClusterChange{before.version, {}});
    return refuse(kNodeNameTaken, "a node named \"" + c.node.name +
                                      "\" belongs to the cluster, with other addresses or " +
                                      "services than these: name the new one otherwise, or remove that one first");
  }
  if (replicas_held(before, c.node.name) > 0) {
    return refuse(kNodeNameTaken, "replicas of the node that had this name are still being replaced; try again later");
  }
  for (const DirectoryNode& n : before.nodes) {
    if (n.status != NodeStatus::kGone && n.host == c.node.host && n.cluster_port == c.node.cluster_port)
      return refuse(kValidationFailed, "the node cannot be as described",
                    {{"/cluster_port", "duplicate", n.name + " is reached at this address"}});
  }
  after.nodes.erase(std::remove_if(after.nodes.begin(), after.nodes.end(),
                                   [&](const DirectoryNode& n) { return n.name == c.node.name; }),
                    after.nodes.end());
  after.nodes.push_back(c.node);
  after.nodes.back().status = NodeStatus::kAlive;
  after.nodes.back().data_id.clear();
  return changed(before, std::move(after), c.by, JoinNode::kName, c.node.name + " at " + c.node.host, tx);
}

Outcome admit_node(const AdmitNode& c, const Call& call, Transaction& tx) {
  if (!may_change(call)) return not_for_you();
  if (c.data_id.empty()) return refuse(kValidationFailed, "a data directory has an id");
  const Directory before = read_directory(tx);
  Directory after = before;
  DirectoryNode* node = node_in(after, c.name);
  if (node == nullptr) return no_such_node(before, c.name);
  if (node->data_id == c.data_id) return ok(ClusterChange{before.version, {}});
  if (node->data_id != c.instead_of)
    return refuse(kStaleVersion, "the directory names another data directory of " + c.name + " by now");
  std::vector<PlacementChange> begun;
  for (const DirectoryGroup& group : before.groups) {
    const auto here = [&](const DirectoryReplica& r) { return r.node == c.name; };
    if (std::none_of(group.replicas.begin(), group.replicas.end(), here)) continue;
    if (!has_other_copy(before, group, c.name)) {
      return refuse(kNoOtherNode, name_of_group(group) + " has no other replica than the one that " + c.name +
                                      " has lost: start it with its former data directory, or restore a backup there");
    }
    begun.push_back({group.service, group.shard, c.name, c.name, c.name + " came back with an empty data directory"});
  }
  for (const PlacementChange& change : begun) {
    const bool pinned = before.group(change.group())->pinned;
    apply_change(
        change, [&] { return mint_replica(tx); }, after);
    std::find_if(after.groups.begin(), after.groups.end(), [&](const auto& g) {
      return g.id() == change.group();
    })->pinned = pinned;
  }
  const bool first = node->data_id.empty();
  node->data_id = c.data_id;
  return changed(before, std::move(after), "the nodes", AdmitNode::kName,
                 c.name + (first ? ", met for the first time" : ", met with an empty data directory"), tx,
                 std::move(begun));
}

}  // namespace stoa::catalog
