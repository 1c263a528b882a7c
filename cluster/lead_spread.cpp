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

  // Slot mod count is the shard, so shards of two services hold a slot in common when they are the same modulo what
  // divides both counts.
  size_t common(uint16_t a, uint16_t b) const { return std::gcd(shards_.at(a), shards_.at(b)); }

  template <class Do>
  void for_others_kept_together(uint16_t service, Do&& visit) const {
    for (const uint16_t other : together_) {
      if (other != service && shards_.count(other) != 0) visit(other, common(service, other));
    }
  }

  size_t company(const DirectoryGroup& group, const std::string& node) const {
    size_t met = 0;
    if (!kept_together(group)) return met;
    for_others_kept_together(service_of(group), [&](uint16_t other, size_t modulus) {
      const auto there = led_together_.find({other, node, modulus, group.shard % modulus});
      if (there != led_together_.end()) met += there->second;
    });
    return met;
  }

  void placed_together(const DirectoryGroup& group, const std::string& node) {
    std::set<size_t> moduli;
    for_others_kept_together(service_of(group), [&](uint16_t, size_t modulus) { moduli.insert(modulus); });
    for (const size_t modulus : moduli) ++led_together_[{service_of(group), node, modulus, group.shard % modulus}];
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
    if (kept_together(group)) placed_together(group, group.replicas.front().node);
  }

  std::vector<DirectoryGroup>& groups_;
  const std::set<uint16_t> together_;
  std::map<uint16_t, size_t> shards_;  // of each service
  std::map<uint16_t, size_t> share_;   // of a service's groups: what a node should lead at most
  size_t all_ = 0;                     // and of all groups
  std::map<std::string, size_t> leads_;
  std::map<std::pair<uint16_t, std::string>, size_t> led_;
  // Of those kept together: by service, leading node, modulus and the shard's rest.
  std::map<std::tuple<uint16_t, std::string, size_t, size_t>, size_t> led_together_;
};

}  // namespace

void spread_leaders(std::vector<DirectoryGroup>& groups, const std::vector<uint16_t>& together) {
  Spread(groups, together).run();
}

}  // namespace stoa
