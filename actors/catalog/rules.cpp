#include "actors/catalog/rules.hpp"

#include <algorithm>

#include "actors/catalog/directory_store.hpp"
#include "actors/catalog/placement_plan.hpp"
#include "actors/catalog/records.hpp"
#include "actors/service_number.hpp"

namespace stoa::catalog {
namespace {

constexpr uint64_t kMostAudit = 1000;

// A group that no other node could take or, with `needs_copy`, has a copy of; nullptr: there is none.
const DirectoryGroup* only_here(const Directory& d, const DirectoryNode& node, bool needs_copy) {
  for (const DirectoryGroup& group : d.groups) {
    const auto holds = [&](const std::string& name) {
      return std::any_of(group.replicas.begin(), group.replicas.end(), [&](const auto& r) { return r.node == name; });
    };
    if (!holds(node.name)) continue;
    const bool other = std::any_of(d.nodes.begin(), d.nodes.end(), [&](const DirectoryNode& n) {
      if (n.name == node.name) return false;
      return needs_copy ? n.status != NodeStatus::kGone && holds(n.name) : takes(n, group.id().service);
    });
    if (!other) return &group;
  }
  return nullptr;
}

}  // namespace

bool may_change(const Call& call) { return call.caller.is(UserRole::kAdmin) || call.caller.is(UserRole::kService); }

DirectoryNode* node_in(Directory& d, std::string_view name) {
  const auto found = std::find_if(d.nodes.begin(), d.nodes.end(), [&](const auto& n) { return n.name == name; });
  return found == d.nodes.end() || found->status == NodeStatus::kGone ? nullptr : &*found;
}

Outcome not_formed() { return refuse(kNotFormed, "the cluster is not formed yet"); }

Outcome no_such_node(const Directory& d, const std::string& name) {
  if (!d.formed()) return not_formed();
  return refuse(kNotFound, "there is no node \"" + name + "\" in the cluster");
}

std::string name_of_group(const DirectoryGroup& group) {
  return std::string(service_name(group.id().service)) + "/" + std::to_string(group.shard);
}

Outcome not_for_you() { return refuse(kForbidden, "only administrators and the program itself may do this"); }

Outcome form_cluster(const FormCluster& c, const Call& call, Transaction& tx) {
  if (!may_change(call)) return not_for_you();
  const Directory before = read_directory(tx);
  if (before.formed()) {
    if (before.formation == c.plan.formation) return ok(ClusterChange{before.version, {}});
    return refuse(kIllegalTransition, "the cluster was formed by another plan");
  }
  if (!c.plan.formed() || c.plan.nodes.empty() || c.plan.groups.empty())
    return refuse(kValidationFailed, "a plan names its formation, its nodes and its groups");
  Directory after = c.plan;
  write_directory(before, after, tx);
  std::string names;
  for (const DirectoryNode& n : after.nodes) names += (names.empty() ? "of " : ", ") + n.name;
  write_audit("the nodes", FormCluster::kName, names, tx);
  return ok(ClusterChange{after.version, {}});
}

Outcome drain_node(const DrainNode& c, const Call& call, Transaction& tx) {
  if (!may_change(call)) return not_for_you();
  const Directory before = read_directory(tx);
  Directory after = before;
  DirectoryNode* node = node_in(after, c.name);
  if (node == nullptr) return no_such_node(before, c.name);
  if (node->status == NodeStatus::kDraining) return ok(ClusterChange{before.version, {}});
  if (const DirectoryGroup* last = only_here(before, *node, false))
    return refuse(kNoOtherNode, "no other living node could take " + name_of_group(*last) + "; add a node first");
  node->status = NodeStatus::kDraining;
  return changed(before, std::move(after), c.by, DrainNode::kName, c.name, tx);
}

Outcome undrain_node(const UndrainNode& c, const Call& call, Transaction& tx) {
  if (!may_change(call)) return not_for_you();
  const Directory before = read_directory(tx);
  Directory after = before;
  DirectoryNode* node = node_in(after, c.name);
  if (node == nullptr) return no_such_node(before, c.name);
  if (node->status == NodeStatus::kAlive) return ok(ClusterChange{before.version, {}});
  node->status = NodeStatus::kAlive;
  return changed(before, std::move(after), c.by, UndrainNode::kName, c.name, tx);
}

Outcome remove_node(const RemoveNode& c, const Call& call, Transaction& tx) {
  if (!may_change(call)) return not_for_you();
  const Directory before = read_directory(tx);
  Directory after = before;
  DirectoryNode* node = node_in(after, c.name);
  if (node == nullptr) return no_such_node(before, c.name);
  const size_t held = replicas_held(before, c.name);
  if (held > 0 && !c.forced) {
    return refuse(kNodeHoldsReplicas, c.name + " still holds replicas of " + std::to_string(held) +
                                          " shards: drain it and wait; if it is lost for good, force the removal");
  }
  if (const DirectoryGroup* last = only_here(before, *node, true))
    return refuse(kNoOtherNode, "no other living node has a copy of " + name_of_group(*last));
  node->status = NodeStatus::kGone;
  return changed(before, std::move(after), c.by, RemoveNode::kName, c.name + (c.forced ? ", forced" : ""), tx);
}

Outcome read_directory_since(const ReadDirectory& q, const Call& call, const Reader& reader) {
  if (!may_change(call)) return not_for_you();
  DirectoryView view;
  view.unchanged = directory_version(reader) == q.since_version;
  if (!view.unchanged) view.directory = read_directory(reader);
  return reply(view);
}

Outcome list_audit(const ListAudit& q, const Call& call, const Reader& reader) {
  if (!may_change(call)) return not_for_you();
  AuditList list;
  reader.scan<AuditRecord>(std::tuple<>(), true, [&](AuditRecord r) {
    if (list.items.size() >= std::min(q.limit, kMostAudit)) return false;
    list.items.push_back(std::move(r.entry));
    return true;
  });
  return ok(list);
}

Outcome watch_catalog(const WatchCatalog& q, const Call& call, const Reader& reader) {
  if (!may_change(call)) return not_for_you();
  CatalogView view;
  if (directory_version(reader) != q.directory_version) view.directory = read_directory(reader);
  if (auto settings = settings_view(reader); settings.version != q.settings_version)
    view.settings = std::move(settings);
  if (auto keys = keys_view(reader); keys.version != q.keys_version) view.keys = std::move(keys);
  return reply(view);
}

const StateMachine& machine() {
  static const StateMachine kMachine{"node",
                                     "alive",
                                     {{"alive", "drain", "draining"},
                                      {"draining", "undrain", "alive"},
                                      {"draining", "remove", "gone"},
                                      {"alive", "remove", "gone"},
                                      {"gone", "join", "alive"}}};
  return kMachine;
}

}  // namespace stoa::catalog
