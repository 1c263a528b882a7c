#include "app/invariant_checker.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "storage/key.hpp"

namespace stoa {
namespace {

// At ten steps a second: 2.5 s. Within the age of a layer, so that most of what changed is still in memory.
constexpr size_t kStepsToComeRound = 25;
constexpr size_t kIdBytes = 16;

}  // namespace

InvariantChecker::InvariantChecker(const ShardHost& host, const Clock& clock) : host_(host), clock_(clock) {
  for (size_t i = 0; i < host_.shards().size(); ++i) check(i);
}

void InvariantChecker::applying(GroupId group, const WriteSet& writes) {
  const auto place = watched_.find(group);
  if (place == watched_.end()) return;  // its first check looks at everything
  Watched& watched = place->second;
  for (size_t i = 0; i < watched.from.size(); ++i) {
    for (const Table table : watched.service->invariants[i].tables) {
      const std::string prefix = table_prefix(group.shard, table);
      const auto lowest = writes.lower_bound(prefix);
      if (lowest == writes.end()) continue;
      const StateWrite write = *lowest;
      if (write.key.substr(0, prefix.size()) != prefix) continue;
      const auto id = Uuid::from_bytes(write.key.substr(prefix.size(), kIdBytes));
      STOA_CHECK(id.has_value(), "the keys that an invariant watches begin with an id");
      watched.from[i] = std::min(watched.from[i], *id);
    }
  }
}

void InvariantChecker::step() {
  const size_t count = host_.shards().size();
  for (size_t i = 0; i < 1 + count / kStepsToComeRound && count > 0; ++i) check(next_++ % count);
}

void InvariantChecker::check(size_t at) {
  const ShardHost::Hosted& hosted = *host_.shards()[at];
  if (hosted.state->installing()) return;  // there is no state to look at
  const Index applied = hosted.state->applied();
  const auto [place, first_time] = watched_.try_emplace(hosted.group);
  Watched& watched = place->second;
  const bool unchanged = std::exchange(watched.checked_at, applied) == applied && !first_time;
  // Nobody told what a snapshot brought, or how the state of a replica that is here anew came about.
  const std::pair began{hosted.shard->replica().id(), hosted.state->found().applied};
  const bool replaced = std::exchange(watched.began, began) != began;
  watched.service = hosted.service;
  if (first_time || replaced) watched.from.assign(hosted.service->invariants.size(), Uuid{});
  for (size_t i = 0; i < hosted.service->invariants.size(); ++i) {
    const InvariantCheck& invariant = hosted.service->invariants[i];
    if (unchanged) {
      const std::lock_guard lock(mutex_);
      findings_[{std::string(invariant.id), hosted.group}].at = clock_.now();
      continue;
    }
    Finding finding;
    finding.at = clock_.now();
    const Reader reader(*hosted.state, hosted.group.shard, finding.at);
    watched.from[i] = invariant.check(reader, watched.from[i], finding.violations);
    const std::lock_guard lock(mutex_);
    for (std::string& violation : finding.violations) {
      violation = std::string(hosted.service->name) + "/" + std::to_string(hosted.group.shard) + ": " + violation;
      seen_[std::string(invariant.id)].insert(violation);
    }
    findings_[{std::string(invariant.id), hosted.group}] = std::move(finding);
  }
}

InvariantReport InvariantChecker::report() const {
  InvariantReport report;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, finding] : findings_) {
    if (report.invariants.empty() || report.invariants.back().id != key.first) {
      report.invariants.push_back({key.first, 0, finding.at, {}});
    }
    InvariantFinding& line = report.invariants.back();
    line.details.insert(line.details.end(), finding.violations.begin(), finding.violations.end());
    line.violations = static_cast<int64_t>(line.details.size());
    if (finding.at < line.checked_at) line.checked_at = finding.at;
    report.ok = report.ok && finding.violations.empty();
  }
  return report;
}

std::map<std::string, uint64_t> InvariantChecker::totals() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, uint64_t> out;
  for (const auto& [key, finding] : findings_) out[key.first] = 0;
  for (const auto& [id, violations] : seen_) out[id] = violations.size();
  return out;
}

}  // namespace stoa
