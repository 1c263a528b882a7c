#include "cluster/lead_spread.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <tuple>

namespace stoa {
namespace {

class Spread {
 public:
  Spread(std::vector<DirectoryGroup>& groups, const std::vector<uint16_t>& together)
      : groups_(groups), together_(together.begin(), together.end()) {
    std::map<uint16_t, std::set<std::string>> nodes;
    std::set<std::string> every;
    for (const DirectoryGroup& group : groups) {
      ++shards_[service_of(group)];
      for (const DirectoryReplica& replica : group.replicas) {
        nodes[service_of(group)].insert(replica.node);
        every.insert(replica.node);
      }
    }
    if (!every.empty()) all_ = (groups.size() + every.size() - 1) / every.size();
    for (const auto& [service, on] : nodes) {
      if (!on.empty()) share_[service] = (shards_[service] + on.size() - 1) / on.size();
    }
  }

  // Whoever has fewer shards leaves fewer ways to be even, so comes first; the others make up for what is left uneven.
  void run() {
    std::vector<DirectoryGroup*> order;
    for (DirectoryGroup& group : groups_) order.push_back(&group);
    std::stable_sort(order.begin(), order.end(),
                     [&](const DirectoryGroup* a, const DirectoryGroup* b) { return rank(*a) < rank(*b); });
    for (DirectoryGroup* group : order) place(*group);
  }

 private:
  static uint16_t service_of(const DirectoryGroup& group) { return static_cast<uint16_t>(group.service); }
  bool kept_together(const DirectoryGroup& group) const { return together_.count(service_of(group)) != 0; }

  std::tuple<bool, size_t> rank(const DirectoryGroup& group) const {
    return {!kept_together(group), kept_together(group) ? shards_.at(service_of(group)) : 0};
  }

  // Both hold some slot: slot mod count is the shard.
  bool meet(const DirectoryGroup& a, const DirectoryGroup& b) const {
    const size_t common = std::gcd(shards_.at(service_of(a)), shards_.at(service_of(b)));
    return a.shard % common == b.shard % common;
  }

  size_t company(const DirectoryGroup& group, const std::string& node) const {
    if (!kept_together(group)) return 0;
    return static_cast<size_t>(std::count_if(placed_.begin(), placed_.end(), [&](const DirectoryGroup* other) {
      return other->service != group.service && other->replicas.front().node == node && meet(*other, group);
    }));
  }

  void place(DirectoryGroup& group) {
    const uint16_t service = service_of(group);
    const auto worth = [&](const DirectoryReplica& replica) {
      return std::tuple(led_[{service, replica.node}] >= share_[service] || leads_[replica.node] >= all_,
                        -static_cast<int64_t>(company(group, replica.node)), leads_[replica.node]);
    };
    const auto best = std::min_element(group.replicas.begin(), group.replicas.end(),
                                       [&](const auto& a, const auto& b) { return worth(a) < worth(b); });
    if (best == group.replicas.end()) return;
    ++leads_[best->node];
    ++led_[{service, best->node}];
    std::rotate(group.replicas.begin(), best, best + 1);
    if (kept_together(group)) placed_.push_back(&group);
  }

  std::vector<DirectoryGroup>& groups_;
  const std::set<uint16_t> together_;
  std::map<uint16_t, size_t> shards_;  // of each service
  std::map<uint16_t, size_t> share_;   // of a service's groups: what a node should lead at most
  size_t all_ = 0;                     // and of all groups
  std::map<std::string, size_t> leads_;
  std::map<std::pair<uint16_t, std::string>, size_t> led_;
  std::vector<const DirectoryGroup*> placed_;  // those kept together
};

}  // namespace

void spread_leaders(std::vector<DirectoryGroup>& groups, const std::vector<uint16_t>& together) {
  Spread(groups, together).run();
}

}  // namespace stoa
