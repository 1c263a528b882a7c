#include "app/cluster_agent.hpp"

#include <algorithm>

#include "actors/runtime/shard_host.hpp"
#include "app/catalog_forming.hpp"
#include "base/log.hpp"
#include "cluster/directory_file.hpp"
#include "cluster/placement.hpp"

namespace stoa {
namespace {

constexpr const char* kPlanTopic = "plan";

void must(const Result<void>& done, const char* what) {
  if (done) return;
  log_error(what, {{"error", done.error().what}});
  STOA_CHECK(false, "what the cluster stands on is on the disk");
}

}  // namespace

ClusterAgent::ClusterAgent(const Config& config, const NodeConfig& node, const std::vector<Service>& services,
                           NodeBackend& backend)
    : config_(config), node_(node), services_(services), backend_(backend) {
  Mesh& mesh = backend_.mesh();
  mesh.on_up([this](const std::string& peer, const Hello& hello) { meet(peer, hello); });
  mesh.on_down([this](const std::string& peer) { formation_->parted(peer); });
  mesh.on_note(kPlanTopic, [this](const std::string&, const std::string& text) {
    const auto plan = decode<Directory>(text);
    if (plan && !formed() && formation_->is_for_us(*plan)) take_part(*plan);
  });
}

Result<void> ClusterAgent::start() {
  NodeData& data = backend_.data();
  formation_ = std::make_unique<Formation>(
      nodes_of(config_), node_.name, NodeFacts{data.identity.formation, data.identity.data_id, shape_of(config_), 0});
  auto plan = read_directory(*data.disk, kFormationFile);
  if (!plan) return plan.error();
  plan_ = std::move(*plan);
  if (!plan_ && config_.nodes.size() == 1) {
    plan_ = directory_of_one(config_, node_, data.identity.replicas, data.identity.data_id);
  }
  if (plan_ && data.identity.formation.empty()) {
    take_part(*plan_);
  } else if (plan_ && !formed()) {
    directory_ = *plan_;
  }
  if (formed()) apply_directory();
  return {};
}

std::string ClusterAgent::facts() const {
  const DataIdentity& identity = backend_.data().identity;
  return encode(NodeFacts{identity.formation, identity.data_id, shape_of(config_), directory_.version});
}

std::string ClusterAgent::waits_for() const { return formed() ? std::string() : formation_->waits_for(); }

void ClusterAgent::meet(const std::string& node, const Hello& hello) {
  const auto facts = decode<NodeFacts>(hello.facts);
  if (!facts) return log_warn("a node's hello is not understood", {{"peer", node}});
  formation_->met(node, *facts);
  if (plan_ && formation_->lacks(node, *plan_)) backend_.mesh().note(node, kPlanTopic, encode(*plan_));
  if (!facts->formation.empty() && formed() && facts->formation != directory_.formation)
    log_error("a node belongs to another cluster of the same name", {{"peer", node}});
}

void ClusterAgent::tick() {
  if (formed()) return;
  if (auto nodes = formation_->may_plan()) {
    std::vector<PlacementService> services;
    for (const Service& service : services_) {
      if (service.number != 0) {
        services.push_back({std::string(service.name), service.number, backend_.counts()[service.number]});
      }
    }
    const Directory plan =
        plan_cluster(config_.cluster, config_.replication, std::move(*nodes), services, backend_.random());
    take_part(plan);
    for (const std::string& node : backend_.mesh().nodes_up()) backend_.mesh().note(node, kPlanTopic, encode(plan));
    return;
  }
  const std::string waits = formation_->waits_for();
  if (waits != told_ && !waits.empty()) log_info("not formed yet", {{"why", waits}});
  told_ = waits;
}

// Written down in this order: whoever finds the plan and not the rest goes on from the plan.
void ClusterAgent::take_part(const Directory& plan) {
  NodeData& data = backend_.data();
  plan_ = plan;
  directory_ = plan;
  must(write_directory(*data.disk, kFormationFile, plan), "the plan of the cluster cannot be written");
  std::vector<std::pair<GroupId, ReplicaBirth>> born;
  for (const DirectoryGroup& group : plan.groups) {
    if (!hosts(group)) continue;
    ReplicaBirth birth;
    for (const DirectoryReplica& replica : group.replicas) {
      birth.voters.push_back(replica.id);
      if (replica.node == node_.name) birth.id = replica.id;
    }
    std::sort(birth.voters.begin(), birth.voters.end());
    if (birth.id != 0 && data.identity.replicas.emplace(group.id(), birth).second) born.emplace_back(group.id(), birth);
  }
  data.identity.formation = plan.formation;
  must(write_identity(*data.disk, data.identity), "the identity of the data cannot be written");
  for (auto& [group, birth] : born) {
    backend_.host().open(group, birth, [](const Result<void>& opened) { must(opened, "a replica cannot be opened"); });
  }
  log_info("the cluster is formed", {{"formation", plan.formation}, {"nodes", plan.nodes.size()}});
  apply_directory();
}

bool ClusterAgent::hosts(const DirectoryGroup& group) const {
  return std::any_of(services_.begin(), services_.end(), [&](const Service& s) { return s.number == group.service; });
}

void ClusterAgent::learn(Directory directory) {
  if (formed() && (directory.formation != directory_.formation || directory.version <= directory_.version)) return;
  directory_ = std::move(directory);
  apply_directory();
  close_former_replicas();
  open_new_replicas();
}

void ClusterAgent::apply_directory() {
  backend_.host().placed(directory_);
  connect();
}

void ClusterAgent::connect() {
  if (backend_.transport() == nullptr) return;
  std::vector<PeerAddress> peers;
  const std::vector<DirectoryNode> nodes = formed() ? directory_.nodes : nodes_of(config_);
  for (const DirectoryNode& node : nodes) {
    if (node.name == node_.name || node.status == NodeStatus::kGone) continue;
    peers.push_back({node.name, node.host, static_cast<uint16_t>(node.cluster_port)});
  }
  backend_.transport()->set_peers(std::move(peers));
}

// Those that their groups do without since the leader said so. The ids are never used again.
void ClusterAgent::close_former_replicas() {
  DataIdentity& identity = backend_.data().identity;
  std::vector<GroupId> former;
  for (const auto& [group, birth] : identity.replicas) {
    const DirectoryGroup* const wanted = directory_.group(group);
    if (wanted != nullptr && wanted->settled && directory_.node_of(group, birth.id).empty()) former.push_back(group);
  }
  if (former.empty()) return;
  for (const GroupId group : former) {
    log_info("a replica is closed", {{"shard", backend_.host().find(group)->probe->name}});
    backend_.host().close(group);
    identity.replicas.erase(group);
  }
  must(write_identity(*backend_.data().disk, identity), "the identity of the data cannot be written");
}

// Those placed on this data directory since the cluster was formed: they join by a snapshot.
void ClusterAgent::open_new_replicas() {
  NodeData& data = backend_.data();
  if (!formation_->is_for_us(directory_)) return;
  std::vector<std::pair<GroupId, ReplicaBirth>> fresh;
  for (const DirectoryGroup& group : directory_.groups) {
    if (!hosts(group) || data.identity.replicas.count(group.id()) != 0) continue;
    for (const DirectoryReplica& replica : group.replicas) {
      if (replica.node == node_.name) fresh.emplace_back(group.id(), ReplicaBirth{replica.id, {}});
    }
  }
  if (fresh.empty()) return;
  for (const auto& [group, birth] : fresh) data.identity.replicas.emplace(group, birth);
  must(write_identity(*data.disk, data.identity), "the identity of the data cannot be written");
  for (auto& [group, birth] : fresh) {
    backend_.host().open(group, birth, [](const Result<void>& opened) { must(opened, "a replica cannot be opened"); });
  }
}

}  // namespace stoa
