#include "scenarios/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "scenarios/load.hpp"
#include "scenarios/quantity.hpp"

namespace stoa::scenarios {
namespace {

std::optional<double> share(uint64_t part, uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::optional<double> of_latency(const Threshold& threshold, const Histogram& latency) {
  if (latency.count() == 0) return std::nullopt;
  switch (threshold.metric) {
    case Metric::kQuantile:
      return static_cast<double>(latency.quantile(threshold.quantile));
    case Metric::kMin:
      return static_cast<double>(latency.min());
    case Metric::kMean:
      return static_cast<double>(latency.mean());
    default:
      return static_cast<double>(latency.max());
  }
}

std::optional<double> value_of(const Threshold& threshold, const Results& results) {
  if (threshold.metric == Metric::kChecks) {
    const auto checks = results.checks.sorted();
    const auto found = checks.find(threshold.subject);
    const CheckResult of_one = found == checks.end() ? CheckResult{} : found->second;
    const CheckResult check = threshold.subject.empty() ? results.all_checks() : of_one;
    return share(check.passed, check.passed + check.failed);
  }
  uint64_t count = results.finished();
  uint64_t errors = results.iteration_errors();
  Histogram latency;
  if (const auto flow = results.flows.find(threshold.subject); flow != results.flows.end()) {
    count = flow->second.finished;
    errors = flow->second.errors;
    latency = flow->second.latency;
  } else if (!threshold.subject.empty()) {
    const auto requests = results.requests.sorted();
    const auto request = requests.find(threshold.subject);
    if (request == requests.end()) return std::nullopt;
    count = request->second.latency.count();
    errors = request->second.failed;
    latency = request->second.latency;
  }
  if (threshold.metric == Metric::kErrors) return share(errors, count);
  if (threshold.metric != Metric::kRate) return of_latency(threshold, latency);
  if (results.load_ns == 0) return std::nullopt;
  return static_cast<double>(count) / (static_cast<double>(results.load_ns) / 1e9);
}

bool has_threshold(const Scenario& scenario, Metric metric, const std::string& subject) {
  return std::any_of(scenario.thresholds.begin(), scenario.thresholds.end(), [&](const Threshold& threshold) {
    return threshold.metric == metric && (threshold.subject.empty() || threshold.subject == subject);
  });
}

void judge_findings(const std::vector<Findings>& findings, Verdict& verdict) {
  for (const Findings& found : findings) {
    if (found.violations == 0) continue;
    verdict.reasons.push_back({kInvariantViolated, found.what + ": " + show_count(found.violations) +
                                                       " violations, the first: " + found.shown.front()});
  }
}

void judge_checks(const Scenario& scenario, const Results& results, Verdict& verdict) {
  for (const auto& [name, check] : results.checks.sorted()) {
    if (check.failed == 0 || has_threshold(scenario, Metric::kChecks, name)) continue;
    verdict.reasons.push_back({kCheckFailed, "check \"" + name + "\" failed " + show_count(check.failed) + " of " +
                                                 show_count(check.passed + check.failed) + " times"});
  }
  for (const auto& [name, flow] : results.flows) {
    if (flow.errors == 0 || has_threshold(scenario, Metric::kErrors, name)) continue;
    verdict.reasons.push_back({kCheckFailed, show_count(flow.errors) + " of " + show_count(flow.finished) +
                                                 " iterations of " + name + " ended in error"});
  }
}

void judge_generator(const Scenario& scenario, const Results& results, Verdict& verdict) {
  if (const int64_t lag = results.start_lag.quantile(0.99); lag > scenario.start_lag_ns) {
    verdict.reasons.push_back({kGeneratorTooSlow, "this generator fell behind its schedule: p99 of the start lag is " +
                                                      show_duration(lag) + "; use a lower rate or a faster machine"});
  }
  if (results.not_started > 0) {
    verdict.reasons.push_back({kGeneratorTooSlow, show_count(results.not_started) +
                                                      " iterations were not started, as too many were in flight; raise "
                                                      "in_flight or lower the rate"});
  }
}

void judge_thresholds(const Scenario& scenario, const Results& results, Verdict& verdict) {
  for (const Threshold& threshold : scenario.thresholds) {
    ThresholdOutcome outcome{threshold, value_of(threshold, results), false};
    outcome.kept = outcome.value && threshold.kept_by(*outcome.value);
    if (!outcome.kept) {
      const std::string value = outcome.value ? show_value(threshold, *outcome.value) : "nothing that was measured";
      verdict.reasons.push_back(
          {kThresholdMissed, "threshold " + threshold.key + " " + threshold.text + " is missed: it is " + value});
    }
    verdict.thresholds.push_back(std::move(outcome));
  }
}

}  // namespace

std::string show_value(const Threshold& threshold, double value) {
  char text[64];
  switch (threshold.metric) {
    case Metric::kRate:
      std::snprintf(text, sizeof text, "%.1f/s", value);
      return text;
    case Metric::kErrors:
    case Metric::kChecks:
      std::snprintf(text, sizeof text, "%.4g%%", value * 100);
      return text;
    default:
      return show_duration(std::llround(value));
  }
}

Verdict judge(const Scenario& scenario, const Results& results, const std::vector<Findings>& findings) {
  Verdict verdict;
  judge_findings(findings, verdict);
  judge_checks(scenario, results, verdict);
  judge_generator(scenario, results, verdict);
  judge_thresholds(scenario, results, verdict);
  if (results.interrupted) verdict.reasons.push_back({kFailed, "the load was interrupted"});
  verdict.exit = verdict.reasons.empty() ? static_cast<int>(kPassed) : verdict.reasons.front().exit;
  return verdict;
}

}  // namespace stoa::scenarios
