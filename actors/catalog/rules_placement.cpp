#include <algorithm>

#include "actors/catalog/directory_store.hpp"
#include "actors/catalog/placement_plan.hpp"
#include "actors/catalog/rules.hpp"
#include "actors/service_number.hpp"
#include "cluster/lead_spread.hpp"

namespace stoa::catalog {
namespace {

DirectoryGroup* group_in(Directory& d, uint32_t service, uint32_t shard) {
  const auto found = std::find_if(d.groups.begin(), d.groups.end(),
                                  [&](const auto& g) { return g.service == service && g.shard == shard; });
  return found == d.groups.end() ? nullptr : &*found;
}

const DirectoryReplica* replica_on(const DirectoryGroup& group, const std::string& node) {
  const auto found =
      std::find_if(group.replicas.begin(), group.replicas.end(), [&](const auto& r) { return r.node == node; });
  return found == group.replicas.end() ? nullptr : &*found;
}

Outcome no_such_group(const Directory& d, uint32_t service, uint32_t shard) {
  if (!d.formed()) return not_formed();
  DirectoryGroup named;
  named.service = service;
  named.shard = shard;
  return refuse(kNotFound, "there is no shard " + name_of_group(named));
}

// With all in its place the preferred leaders are spread anew. A group's replicas stay the same, in another order.
void spread(Directory& d) {
  const bool quiet = std::all_of(d.groups.begin(), d.groups.end(), [](const auto& g) { return g.settled; });
  if (!quiet) return;
  std::vector<DirectoryGroup> turned = d.groups;
  spread_leaders(turned, service_number::by_customer());
  for (size_t i = 0; i < turned.size(); ++i) {
    if (turned[i].replicas.front().id != d.groups[i].replicas.front().id) ++turned[i].epoch;
  }
  d.groups = std::move(turned);
}

std::string text_of(const std::vector<PlacementChange>& changes) {
  std::string text;
  for (const PlacementChange& c : changes) {
    text += "; " + std::string(service_name(c.group().service)) + "/" + std::to_string(c.shard) + ": ";
    text += (c.from.empty() ? "none" : c.from) + " to " + (c.to.empty() ? "none" : c.to) + ", since " + c.reason;
  }
  return text;
}

}  // namespace

// Random bits as every id has them; the variant's bits make it never 0.
uint64_t mint_replica(Transaction& tx) { return tx.mint<RequestId>(0).uuid.low; }

Outcome changed(const Directory& before, Directory after, std::string by, std::string_view what, std::string detail,
                Transaction& tx, std::vector<PlacementChange> begun) {
  for (PlacementChange& change : next_changes(after)) {
    apply_change(
        change, [&] { return mint_replica(tx); }, after);
    begun.push_back(std::move(change));
  }
  spread(after);
  write_directory(before, after, tx);
  write_audit(std::move(by), what, detail + text_of(begun), tx);
  return ok(ClusterChange{after.version, std::move(begun)});
}

Outcome move_replica(const MoveReplica& c, const Call& call, Transaction& tx) {
  if (!may_change(call)) return not_for_you();
  const Directory before = read_directory(tx);
  Directory after = before;
  DirectoryGroup* group = group_in(after, c.service, c.shard);
  if (group == nullptr) return no_such_group(before, c.service, c.shard);
  const auto wrong = [](const char* pointer, std::string detail) {
    return refuse(kValidationFailed, "the replica cannot be moved so", {{pointer, "invalid_value", std::move(detail)}});
  };
  if (!group->settled) return refuse(kGroupMoves, "the shard is on the move already: " + group->reason);
  if (replica_on(*group, c.from) == nullptr) return wrong("/from", "\"" + c.from + "\" holds no replica of the shard");
  const DirectoryNode* to = before.node(c.to);
  if (to == nullptr || !takes(*to, group->id().service))
    return wrong("/to", "\"" + c.to + "\" is no living node that hosts the service");
  if (replica_on(*group, c.to) != nullptr) return wrong("/to", "\"" + c.to + "\" holds a replica of the shard already");
  const PlacementChange change{c.service, c.shard, c.from, c.to, "moved by hand"};
  apply_change(
      change, [&] { return mint_replica(tx); }, after);
  group->pinned = true;
  return changed(before, std::move(after), c.by, MoveReplica::kName, "by hand", tx, {change});
}

Outcome settle_group(const SettleGroup& c, const Call& call, Transaction& tx) {
  if (!may_change(call)) return not_for_you();
  const Directory before = read_directory(tx);
  Directory after = before;
  DirectoryGroup* group = group_in(after, c.service, c.shard);
  if (group == nullptr) return no_such_group(before, c.service, c.shard);
  if (group->epoch != c.epoch) {
    return refuse(kStaleVersion, "the shard's placement has epoch " + std::to_string(group->epoch) + " by now");
  }
  std::vector<uint64_t> wanted, members = c.members;
  for (const DirectoryReplica& r : group->replicas) wanted.push_back(r.id);
  std::sort(wanted.begin(), wanted.end());
  std::sort(members.begin(), members.end());
  if (members != wanted) return refuse(kIllegalTransition, "the shard's members are not yet the wanted ones");
  if (group->settled) return ok(ClusterChange{before.version, {}});
  group->settled = true;
  group->leaving.clear();
  const std::string name = name_of_group(*group);
  return changed(before, std::move(after), "the nodes", SettleGroup::kName, name, tx);
}

Outcome rebalance_groups(const RebalanceGroups& c, const Call& call, Transaction& tx) {
  if (!may_change(call)) return not_for_you();
  const Directory before = read_directory(tx);
  if (!before.formed()) return not_formed();
  Directory after = before;
  for (DirectoryGroup& group : after.groups) group.pinned = false;
  return changed(before, std::move(after), c.by, RebalanceGroups::kName, "all shards", tx);
}

}  // namespace stoa::catalog
