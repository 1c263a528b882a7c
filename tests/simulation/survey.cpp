#include "tests/simulation/survey.hpp"

#include <algorithm>

namespace stoa::whole {
namespace {

constexpr size_t kVoters = 3;  // one of them may be lost

bool is_on(const std::vector<DirectoryReplica>& replicas, const std::string& node) {
  return std::any_of(replicas.begin(), replicas.end(), [&](const DirectoryReplica& r) { return r.node == node; });
}

// As its replicas know it, who may be of different minds.
bool has_three_voters(Cluster& cluster, GroupId group) {
  for (size_t i = 0; i < cluster.size(); ++i) {
    Node* const node = cluster.process(i);
    const HostedShard* const hosted = node == nullptr ? nullptr : node->host().find(group);
    if (hosted == nullptr) continue;
    const Members& members = hosted->shard->replica().members();
    if (members.is_voter(hosted->shard->replica().id()) && members.voters.size() < kVoters) return false;
  }
  return true;
}

}  // namespace

const Directory& newest_directory(Cluster& cluster) {
  static const Directory none;
  const Directory* newest = &none;
  for (size_t i = 0; i < cluster.size(); ++i) {
    Node* const node = cluster.process(i);
    if (node != nullptr && node->directory().version > newest->version) newest = &node->directory();
  }
  return *newest;
}

bool all_in_place(Cluster& cluster) {
  const Directory& directory = newest_directory(cluster);
  for (size_t i = 0; i < cluster.size(); ++i) {
    Node* const node = cluster.process(i);
    const DirectoryNode* const member = directory.node(cluster.name(i));
    const bool belongs = member != nullptr && member->status != NodeStatus::kGone;
    if (belongs == cluster.retired(i)) return false;
    if (!belongs) continue;
    if (node == nullptr || member->data_id != node->data().identity.data_id) return false;
  }
  return std::all_of(directory.groups.begin(), directory.groups.end(), [&](const DirectoryGroup& group) {
    const auto gone = [&](const DirectoryReplica& r) { return directory.node(r.node)->status == NodeStatus::kGone; };
    return group.settled && std::none_of(group.replicas.begin(), group.replicas.end(), gone);
  });
}

bool may_lose(Cluster& cluster, size_t number) {
  for (size_t i = 0; i < cluster.size(); ++i) {
    if (!cluster.retired(i) && cluster.process(i) == nullptr) return false;  // it may know more
  }
  const Directory& directory = newest_directory(cluster);
  const std::string& node = cluster.name(number);
  return std::all_of(directory.groups.begin(), directory.groups.end(), [&](const DirectoryGroup& group) {
    if (!is_on(group.replicas, node) && !is_on(group.leaving, node)) return true;
    const bool grows = !group.settled && group.leaving.empty();  // and may have had fewer than it is to have
    return !grows && group.replicas.size() >= kVoters && has_three_voters(cluster, group.id());
  });
}

}  // namespace stoa::whole
