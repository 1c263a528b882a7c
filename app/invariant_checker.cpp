#include "app/invariant_checker.hpp"

namespace stoa {
namespace {

constexpr size_t kStepsToComeRound = 80;  // at ten steps a second: eight seconds

}  // namespace

InvariantChecker::InvariantChecker(const ShardHost& host, const Clock& clock) : host_(host), clock_(clock) {
  for (size_t i = 0; i < host_.shards().size(); ++i) check(i);
}

void InvariantChecker::step() {
  const size_t count = host_.shards().size();
  for (size_t i = 0; i < 1 + count / kStepsToComeRound && count > 0; ++i) check(next_++ % count);
}

void InvariantChecker::check(size_t at) {
  const ShardHost::Hosted& hosted = *host_.shards()[at];
  if (hosted.state->installing()) return;  // there is no state to look at
  const Index applied = hosted.state->applied();
  const auto [last, first_time] = checked_at_.try_emplace(hosted.group, applied);
  const bool unchanged = !first_time && last->second == applied;  // nothing can have broken since
  last->second = applied;
  for (const InvariantCheck& invariant : hosted.service->invariants) {
    if (unchanged) {
      const std::lock_guard lock(mutex_);
      findings_[{std::string(invariant.id), hosted.group}].at = clock_.now();
      continue;
    }
    Finding finding;
    finding.at = clock_.now();
    invariant.check(Reader(*hosted.state, hosted.group.shard, finding.at), finding.violations);
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
