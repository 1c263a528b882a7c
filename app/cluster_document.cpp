#include "app/cluster_document.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace stoa {
namespace {

constexpr const char* kTopic = "status";
constexpr int64_t kEveryMs = 500;
// A silent peer is missed within a tick of the transport by all who miss it, and each says so within kEveryMs.
constexpr int64_t kSteadyAfterMs = 1200;

const char* role_of(const Shard& shard) {
  if (shard.leads()) return "leader";
  return shard.replica().members().is_voter(shard.replica().id()) ? "follower" : "learner";
}

}  // namespace

ClusterStatus::ClusterStatus(const std::vector<Service>& services, ShardHost& host, Mesh& mesh, const Clock& clock,
                             std::function<bool()> storage_low)
    : services_(services), host_(host), mesh_(mesh), clock_(clock), storage_low_(std::move(storage_low)) {
  mesh_.on_note(kTopic, [this](const std::string& node, const std::string& text) {
    auto said = decode<NodeReplicas>(text);
    if (!said) return;
    said_[node] = {said->stopping, said->storage_low, said->reaches};
    auto& heard = heard_[node];
    heard.clear();
    for (ReplicaStatus& status : said->replicas) heard[GroupId::from_value(status.group)] = std::move(status);
  });
  mesh_.on_down([this](const std::string& node) {
    for (auto& [group, status] : heard_[node]) status.role = "unknown";
    said_.erase(node);
  });
}

NodeReplicas ClusterStatus::own(bool stopping) const {
  NodeReplicas own;
  const Said of_self = said_of(mesh_.own_node());
  own.stopping = stopping;
  own.storage_low = of_self.storage_low;
  own.reaches = of_self.reaches;
  for (const auto& hosted : host_.shards()) {
    const Replica& replica = hosted->shard->replica();
    own.replicas.push_back({hosted->group.value(), role_of(*hosted->shard), replica.term(), replica.applied().index});
  }
  return own;
}

ClusterStatus::Said ClusterStatus::said_of(const std::string& node) const {
  const auto found = said_.find(node);
  return found == said_.end() ? Said{} : found->second;
}

size_t ClusterStatus::reaches(const std::string& node) const {
  const uint64_t said = said_of(node).reaches;
  return said != 0 ? said : said_of(mesh_.own_node()).reaches;
}

void ClusterStatus::look_at_self() {
  const Said now{false, storage_low_(), mesh_.nodes_up().size() + 1};
  Said& before = said_[mesh_.own_node()];
  if (now.storage_low != before.storage_low) {
    if (now.storage_low)
      log_warn("the disk is short of room: clients are refused what would be written, leads go to others");
    else
      log_info("the disk has room again");
  }
  if (now.reaches != before.reaches) steady_from_ = after(clock_.now(), kSteadyAfterMs);
  before = now;
}

void ClusterStatus::tick(bool stopping) {
  look_at_self();
  const Time now = clock_.now();
  if (now < next_ && stopping == told_) return;
  told_ = stopping;
  next_ = after(now, kEveryMs);
  const std::set<std::string> up = mesh_.nodes_up();
  if (up.empty()) return;
  const std::string text = encode(own(stopping));
  for (const std::string& node : up) mesh_.note(node, kTopic, text);
}

const ReplicaStatus* ClusterStatus::heard(const std::string& node, GroupId group) const {
  const auto said = heard_.find(node);
  if (said == heard_.end()) return nullptr;
  const auto status = said->second.find(group);
  return status == said->second.end() ? nullptr : &status->second;
}

ClusterShard ClusterStatus::shard_of(const DirectoryGroup& group) const {
  ClusterShard shard;
  for (const Service& service : services_) {
    if (service.number == group.service) shard.service = service.name;
  }
  shard.shard = group.shard;
  uint64_t led_term = 0;
  for (const DirectoryReplica& placed : group.replicas) {
    ClusterReplica replica{placed.node, "unknown", 0};
    uint64_t term = 0;
    const HostedShard* const hosted = host_.find(group.id());
    if (placed.node == mesh_.own_node() && hosted != nullptr) {
      replica.role = role_of(*hosted->shard);
      replica.applied = hosted->shard->replica().applied().index;
      term = hosted->shard->replica().term();
    } else if (const ReplicaStatus* status = heard(placed.node, group.id())) {
      replica.role = status->role;
      replica.applied = status->applied;
      term = status->term;
    }
    shard.term = std::max(shard.term, term);
    shard.applied = std::max(shard.applied, replica.applied);
    if (replica.role == "leader" && term >= led_term) {
      led_term = term;
      shard.leader = placed.node;
    }
    shard.replicas.push_back(std::move(replica));
  }
  // One that leads in an older term has not heard yet that it does not.
  if (led_term < shard.term) shard.leader.reset();
  return shard;
}

ClusterDocument ClusterStatus::document(const Directory& directory, bool draining) const {
  ClusterDocument out;
  for (const DirectoryNode& node : directory.nodes) {
    std::string status = status_of(node);
    const bool own = node.name == mesh_.own_node();
    if (own && draining) status = "draining";
    if (!own && node.status != NodeStatus::kGone && !mesh_.up(node.name))
      status = mesh_.connected(node.name) ? "refused" : "unreachable";
    out.nodes.push_back({node.name, std::move(status)});
  }
  for (const DirectoryGroup& group : directory.groups) {
    ClusterShard shard = shard_of(group);
    if (!shard.service.empty()) out.shards.push_back(std::move(shard));
  }
  return out;
}

}  // namespace stoa
