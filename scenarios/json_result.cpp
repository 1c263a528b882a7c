#include <nlohmann/json.hpp>

#include "scenarios/summary.hpp"

namespace stoa::scenarios {
namespace {

using Json = nlohmann::ordered_json;

double ms(int64_t ns) { return static_cast<double>(ns) / 1e6; }

Json latency_of(const Histogram& latency) {
  Json json{{"min", ms(latency.min())}, {"mean", ms(latency.mean())}};
  json["p50"] = ms(latency.quantile(0.5));
  json["p90"] = ms(latency.quantile(0.9));
  json["p95"] = ms(latency.quantile(0.95));
  json["p99"] = ms(latency.quantile(0.99));
  json["p999"] = ms(latency.quantile(0.999));
  json["max"] = ms(latency.max());
  return json;
}

double per_second(uint64_t count, int64_t ns) {
  return ns == 0 ? 0 : static_cast<double>(count) * 1e9 / static_cast<double>(ns);
}

void add_counts(const Results& results, Json& json) {
  json["flows"] = Json::object();
  for (const auto& [name, flow] : results.flows) {
    json["flows"][name] = {{"count", flow.finished},
                           {"errors", flow.errors},
                           {"per_second", per_second(flow.finished, results.load_ns)},
                           {"latency_ms", latency_of(flow.latency)}};
  }
  json["requests"] = Json::object();
  for (const auto& [name, request] : results.requests.sorted()) {
    Json statuses = Json::object();
    for (const auto& [status, count] : request.statuses) statuses[std::to_string(status)] = count;
    json["requests"][name] = {{"count", request.latency.count()},
                              {"failed", request.failed},
                              {"per_second", per_second(request.latency.count(), results.load_ns)},
                              {"statuses", statuses},
                              {"latency_ms", latency_of(request.latency)}};
  }
  json["checks"] = Json::object();
  for (const auto& [name, check] : results.checks.sorted()) {
    json["checks"][name] = {{"passed", check.passed}, {"failed", check.failed}};
  }
  json["errors"] = Json::object();
  for (const auto& [message, count] : results.errors.sorted()) json["errors"][message] = count;
}

void add_judgement(const Outcome& outcome, Json& json) {
  json["thresholds"] = Json::array();
  for (const ThresholdOutcome& threshold : outcome.verdict.thresholds) {
    const std::string shown = threshold.value ? show_value(threshold.threshold, *threshold.value) : "";
    json["thresholds"].push_back({{"key", threshold.threshold.key},
                                  {"bound", threshold.threshold.text},
                                  {"value", threshold.value ? Json(shown) : Json()},
                                  {"kept", threshold.kept}});
  }
  json["verified"] = Json::array();
  for (const Findings& found : outcome.findings) {
    json["verified"].push_back({{"what", found.what},
                                {"examined", found.examined},
                                {"violations", found.violations},
                                {"shown", found.shown},
                                {"remark", found.remark}});
  }
  json["exit"] = outcome.verdict.exit;
  json["reasons"] = Json::array();
  for (const Reason& reason : outcome.verdict.reasons) {
    json["reasons"].push_back({{"exit", reason.exit}, {"text", reason.text}});
  }
}

}  // namespace

std::string json_result(const Outcome& outcome) {
  const Results& results = outcome.results;
  Json json{{"scenario", outcome.scenario.name},
            {"file", outcome.scenario.file},
            {"seed", outcome.scenario.seed},
            {"target", outcome.scenario.target},
            {"seconds", static_cast<double>(results.load_ns) / 1e9},
            {"interrupted", results.interrupted}};
  add_counts(results, json);
  json["generator"] = {{"started", results.started},
                       {"not_started", results.not_started},
                       {"most_in_flight", results.most_in_flight},
                       {"connections_opened", outcome.connections_opened},
                       {"start_lag_ms", latency_of(results.start_lag)},
                       {"cpu_seconds", static_cast<double>(results.cpu_ns) / 1e9},
                       {"requests_per_cpu_second", per_second(results.request_count(), results.cpu_ns)}};
  add_judgement(outcome, json);
  // A target's texts may be any bytes; what is written is UTF-8.
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace stoa::scenarios
