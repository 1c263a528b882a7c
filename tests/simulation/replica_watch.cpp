#include "tests/simulation/replica_watch.hpp"

#include <algorithm>

#include "storage/key.hpp"
#include "tests/cluster/simulation/schedule.hpp"

namespace stoa::whole {
namespace {

constexpr size_t kIdBytes = 16;

std::string name_of_group(GroupId group) { return std::to_string(group.service) + "/" + std::to_string(group.shard); }

// Of one record; those of a replica are added up, so that their order does not matter.
uint64_t fold(std::string_view key, std::string_view value) {
  const uint64_t h = simulation::hash_of(key) * 0x9e3779b97f4a7c15u ^ simulation::hash_of(value);
  return (h ^ h >> 31) * 0xbf58476d1ce4e5b9u;
}

uint64_t fold_all(const View& view, uint16_t shard) {
  uint64_t sum = 0;
  const std::string from = shard_prefix(shard);
  view.scan(from, after_prefix(from), false,
            [&](std::string_view key, std::string_view value) { return sum += fold(key, value), true; });
  return sum;
}

}  // namespace

void ReplicaHistory::holds(const std::string& node, GroupId group, Index at, uint64_t records) {
  const auto [seen, first] = seen_[group].try_emplace(at, records, node);
  if (first || seen->second.first == records) return;
  findings_.add("I7: replicas of " + name_of_group(group) + " differ at index " + std::to_string(at) + ": " + node +
                " and " + seen->second.second);
}

void ReplicaWatch::opened(HostedShard& hosted) {
  Watched& watched = watched_[hosted.group];
  watched = {};
  watched.hosted = &hosted;
  watched.from.assign(hosted.service->invariants.size(), Uuid{});
  read_anew(watched);
}

void ReplicaWatch::read_anew(Watched& watched) {
  const HostedShard& hosted = *watched.hosted;
  watched.stale = false;
  watched.records = fold_all(*hosted.state, hosted.group.shard);
  watched.seen = 0;
  watched.from.assign(watched.from.size(), Uuid{});
  history_.holds(node_, hosted.group, hosted.state->applied(), watched.records);
}

void ReplicaWatch::installed(Watched& watched) {
  if (watched.seen > 0) history_.note_catching_up();
  read_anew(watched);
}

void ReplicaWatch::applying(GroupId group, const WriteSet& writes) {
  Watched& watched = watched_.at(group);
  const ShardState& state = *watched.hosted->state;
  if (watched.stale) installed(watched);
  history_.holds(node_, group, state.applied(), watched.records);
  std::string before;
  for (const StateWrite write : writes) {
    if (state.get(write.key, before)) watched.records -= fold(write.key, before);
    if (write.value) watched.records += fold(write.key, *write.value);
  }
  lower(watched, writes);
}

void ReplicaWatch::lower(Watched& watched, const WriteSet& writes) const {
  for (size_t i = 0; i < watched.from.size(); ++i) {
    for (const Table table : watched.hosted->service->invariants[i].tables) {
      const std::string prefix = table_prefix(watched.hosted->group.shard, table);
      const auto lowest = writes.lower_bound(prefix);
      if (lowest == writes.end() || (*lowest).key.substr(0, prefix.size()) != prefix) continue;
      const auto id = Uuid::from_bytes((*lowest).key.substr(prefix.size(), kIdBytes));
      watched.from[i] = std::min(watched.from[i], id.value_or(Uuid{}));
    }
  }
}

void ReplicaWatch::look(ShardHost& host, const std::function<void(GroupId, Index, uint64_t)>& each) {
  for (const auto& hosted : host.shards()) {
    Watched& watched = watched_.at(hosted->group);
    if (hosted->state->installing()) {
      watched.stale = true;
      continue;
    }
    if (watched.stale) installed(watched);
    if (hosted->state->applied() == watched.seen) continue;
    watched.seen = hosted->state->applied();
    history_.holds(node_, hosted->group, watched.seen, watched.records);
    each(hosted->group, watched.seen, watched.records);
    check(watched);
  }
}

void ReplicaWatch::look_at_all(ShardHost& host) {
  for (const auto& hosted : host.shards()) {
    Watched& watched = watched_.at(hosted->group);
    if (hosted->state->installing()) continue;
    read_anew(watched);
    check(watched);
  }
}

void ReplicaWatch::check(Watched& watched) {
  const HostedShard& hosted = *watched.hosted;
  const Reader reader(*hosted.state, hosted.group.shard, clock_.now());
  for (size_t i = 0; i < watched.from.size(); ++i) {
    const InvariantCheck& invariant = hosted.service->invariants[i];
    std::vector<std::string> violations;
    watched.from[i] = invariant.check(reader, watched.from[i], violations);
    if (violations.empty()) continue;
    findings_.add(std::string(invariant.id) + ": " + name_of_group(hosted.group) + " on " + node_ + ": " +
                  violations.front());
  }
}

}  // namespace stoa::whole
