#include "app/cluster_agent.hpp"

#include <algorithm>

#include "actors/runtime/shard_host.hpp"
#include "actors/service_number.hpp"
#include "app/catalog_forming.hpp"
#include "base/log.hpp"
#include "cluster/directory_file.hpp"
#include "cluster/held_replicas.hpp"
#include "cluster/placement.hpp"

namespace stoa {
namespace {

constexpr const char* kPlanTopic = "plan";
constexpr const char* kDirectoryTopic = "directory";
constexpr const char* kFactsTopic = "facts";

void must(const Result<void>& done, const char* what) {
  if (done) return;
  log_error(what, {{"error", done.error().what}});
  STOA_CHECK(false, "what the cluster stands on is on the disk");
}

}  // namespace

ClusterAgent::ClusterAgent(const Config& config, const NodeConfig& node, const std::vector<Service>& services,
                           NodeBackend& backend)
    : config_(config),
      node_(node),
      services_(services),
      backend_(backend),
      admissions_({backend.mesh(), backend.clock(), directory_, [this](const std::string& peer) { tell(peer); }}) {
  Mesh& mesh = backend_.mesh();
  mesh.on_met([this](const std::string& peer, const Hello& hello) { meet(peer, hello.facts); });
  mesh.on_parted([this](const std::string& peer) {
    formation_->parted(peer);
    admissions_.parted(peer);
  });
  mesh.on_note(kPlanTopic, [this](const std::string&, const std::string& text) {
    const auto plan = decode<Directory>(text);
    const bool blank = backend_.data().identity.formation.empty();
    if (plan && blank && !formed() && formation_->is_for_us(*plan)) take_part(*plan);
  });
  mesh.on_note(kDirectoryTopic, [this](const std::string&, const std::string& text) {
    if (auto directory = decode<Directory>(text)) told(std::move(*directory));
  });
  mesh.on_note_of_any(kFactsTopic, [this](const std::string& peer, const std::string& text) { meet(peer, text); });
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

bool ClusterAgent::cut_off() const {
  return backend_.mesh().nodes_up().empty() &&
         std::any_of(directory_.nodes.begin(), directory_.nodes.end(), [&](const DirectoryNode& node) {
           return node.name != node_.name && node.status != NodeStatus::kGone;
         });
}

std::string ClusterAgent::waits_for() const {
  const std::string fault = admissions_.fault();
  if (!fault.empty()) return fault;
  const DirectoryNode* const self = directory_.node(node_.name);
  if (formed() && (self == nullptr || self->status == NodeStatus::kGone)) return "was removed from the cluster";
  if (formed()) return {};
  if (!unfit_.empty()) return unfit_;
  if (!backend_.data().identity.formation.empty())
    return "waits for a member of its cluster, to hear who belongs to it";
  std::string waits = formation_->waits_for();
  if (backend_.transport() == nullptr) return waits;
  for (const PeerStatus& peer : backend_.transport()->peers()) {
    if (!peer.connected && !peer.last_error.empty()) waits += "; " + peer.node + ": " + peer.last_error;
  }
  return waits;
}

void ClusterAgent::meet(const std::string& node, const std::string& said) {
  const auto facts = decode<NodeFacts>(said);
  if (!facts) return log_warn("a node's hello is not understood", {{"peer", node}});
  formation_->met(node, *facts);
  admissions_.met(node, *facts);
}

// A member that knows of no directory. Of those that the cluster was formed with each must be born by the plan.
void ClusterAgent::tell(const std::string& node) {
  const bool by_plan = plan_ && formation_->lacks(node, *plan_);
  backend_.mesh().note(node, by_plan ? kPlanTopic : kDirectoryTopic, encode(by_plan ? *plan_ : directory_));
}

void ClusterAgent::announce() {
  for (const std::string& node : backend_.mesh().nodes_up()) backend_.mesh().note(node, kFactsTopic, facts());
}

void ClusterAgent::told(Directory directory) {
  if (!directory.formed()) return;
  if (!backend_.data().identity.formation.empty()) return learn(std::move(directory));
  if (formation_->is_for_us(directory)) adopt(std::move(directory));
}

// The number of a service's shards is in every id.
std::string ClusterAgent::strange(const Directory& directory) const {
  for (const Service& service : services_) {
    const auto count = std::count_if(directory.groups.begin(), directory.groups.end(),
                                     [&](const DirectoryGroup& g) { return g.service == service.number; });
    if (count == 0 || count == backend_.counts()[service.number]) continue;
    return "the cluster has " + std::to_string(count) + " shards of the service " + std::string(service.name) +
           ", and this node's configuration says " + std::to_string(backend_.counts()[service.number]) +
           ": correct /shards/" + std::string(service.name);
  }
  return {};
}

// It belongs to the cluster before it holds anything of it: a data directory that holds something is never blank.
void ClusterAgent::adopt(Directory directory) {
  const std::string fault = strange(directory);
  if (!fault.empty() && fault != unfit_) log_error("this node cannot belong to the cluster", {{"why", fault}});
  unfit_ = fault;
  if (!fault.empty()) return;
  NodeData& data = backend_.data();
  data.identity.formation = directory.formation;
  must(write_identity(*data.disk, data.identity), "the identity of the data cannot be written");
  log_info("belongs to the cluster", {{"formation", directory.formation}, {"nodes", directory.nodes.size()}});
  learn(std::move(directory));
  announce();
}

void ClusterAgent::tick() {
  admissions_.tick();
  if (formed()) return;
  const bool blank = backend_.data().identity.formation.empty();
  if (auto nodes = blank ? formation_->may_plan() : std::nullopt) {
    std::vector<PlacementService> services;
    for (const Service& service : services_) {
      if (service.number != 0) {
        services.push_back({std::string(service.name), service.number, backend_.counts()[service.number]});
      }
    }
    const Directory plan = plan_cluster(config_.cluster, config_.replication, std::move(*nodes), services,
                                        service_number::by_customer(), backend_.random());
    return take_part(plan);
  }
  const std::string waits = unfit_.empty() ? formation_->waits_for() : unfit_;
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
    if (!hosts(group.id())) continue;
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
  admissions_.review();
  announce();
}

bool ClusterAgent::hosts(GroupId group) const {
  return std::any_of(services_.begin(), services_.end(), [&](const Service& s) { return s.number == group.service; });
}

void ClusterAgent::learn(Directory directory) {
  if (directory.formation != backend_.data().identity.formation) return;
  if (formed() && directory.version <= directory_.version) return;
  directory_ = std::move(directory);
  apply_directory();
  close_former_replicas();
  open_new_replicas();
  admissions_.review();
}

// The catalog's word is what the others go by; a configuration that says otherwise does nothing by itself.
void ClusterAgent::compare_own_entry() {
  const DirectoryNode* const self = directory_.node(node_.name);
  if (self == nullptr || compared_) return;
  compared_ = true;
  for (DirectoryNode& mine : nodes_of(config_)) {
    if (mine.name != node_.name) continue;
    mine.status = self->status;
    mine.data_id = self->data_id;
    if (encode(mine) == encode(*self)) return;
    log_warn("the cluster knows this node by other addresses or services than its configuration says",
             {{"host", self->host}, {"cluster_port", self->cluster_port}, {"services", self->services.size()}});
  }
}

void ClusterAgent::apply_directory() {
  compare_own_entry();
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

// The ids are never used again. Written down first: what is closed in the journal could not boot any more.
void ClusterAgent::close_former_replicas() {
  DataIdentity& identity = backend_.data().identity;
  const std::vector<GroupId> former = former_replicas(identity, directory_);
  if (former.empty()) return;
  for (const GroupId group : former) identity.replicas.erase(group);
  identity.placed_by_version = directory_.version;
  must(write_identity(*backend_.data().disk, identity), "the identity of the data cannot be written");
  for (const GroupId group : former) {
    log_info("a replica is closed", {{"service", group.service}, {"shard", group.shard}});
    backend_.host().close(group);
  }
}

// Those placed on this data directory since the cluster was formed.
void ClusterAgent::open_new_replicas() {
  NodeData& data = backend_.data();
  if (!formation_->is_for_us(directory_)) return;
  std::map<GroupId, ReplicaBirth> fresh = new_replicas(data.identity, directory_, node_.name);
  for (auto at = fresh.begin(); at != fresh.end();) at = hosts(at->first) ? std::next(at) : fresh.erase(at);
  if (fresh.empty()) return;
  data.identity.replicas.insert(fresh.begin(), fresh.end());
  data.identity.placed_by_version = directory_.version;
  must(write_identity(*data.disk, data.identity), "the identity of the data cannot be written");
  for (const auto& [group, birth] : fresh) {
    backend_.host().open(group, birth, [](const Result<void>& opened) { must(opened, "a replica cannot be opened"); });
  }
}

}  // namespace stoa
