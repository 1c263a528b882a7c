#include "scenarios/summary.hpp"

#include <cstdio>

#include "scenarios/load.hpp"
#include "scenarios/quantity.hpp"

namespace stoa::scenarios {
namespace {

// How many columns a text takes: UTF-8's continuation bytes take none.
size_t columns(const std::string& text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

// The first column to the left, the others to the right.
void print_table(const std::vector<std::vector<std::string>>& rows, std::ostream& out) {
  std::vector<size_t> widths(rows[0].size());
  for (const auto& row : rows) {
    for (size_t at = 0; at < row.size(); ++at) widths[at] = std::max(widths[at], columns(row[at]));
  }
  for (const auto& row : rows) {
    std::string line = "  " + row[0] + std::string(widths[0] - columns(row[0]), ' ');
    for (size_t at = 1; at < row.size(); ++at) {
      line += "  " + std::string(widths[at] - columns(row[at]), ' ') + row[at];
    }
    out << line << "\n";
  }
  out << "\n";
}

std::string per_second(uint64_t count, int64_t ns) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", ns == 0 ? 0.0 : static_cast<double>(count) * 1e9 / static_cast<double>(ns));
  return text;
}

std::vector<std::string> heading(const std::string& what) {
  return {what, "count", "per s", "errors", "p50", "p90", "p95", "p99", "p99.9", "max"};
}

std::vector<std::string> row_of(const std::string& name, uint64_t count, uint64_t errors, const Histogram& latency,
                                int64_t load_ns) {
  std::vector<std::string> row = {name, show_count(count), per_second(count, load_ns), show_share(errors, count)};
  for (const double share : {0.5, 0.9, 0.95, 0.99, 0.999}) {
    row.push_back(latency.count() == 0 ? "-" : show_duration(latency.quantile(share)));
  }
  row.push_back(latency.count() == 0 ? "-" : show_duration(latency.max()));
  return row;
}

void print_tables(const Results& results, std::ostream& out) {
  std::vector<std::vector<std::string>> rows = {heading("flow")};
  for (const auto& [name, flow] : results.flows) {
    rows.push_back(row_of(name, flow.finished, flow.errors, flow.latency, results.load_ns));
  }
  print_table(rows, out);
  rows = {heading("request")};
  for (const auto& [name, request] : results.requests.sorted()) {
    rows.push_back(row_of(name, request.latency.count(), request.failed, request.latency, results.load_ns));
  }
  if (rows.size() > 1) print_table(rows, out);
  rows = {{"check", "passed", "failed", "share"}};
  for (const auto& [name, check] : results.checks.sorted()) {
    rows.push_back({name, show_count(check.passed), show_count(check.failed),
                    show_share(check.passed, check.passed + check.failed)});
  }
  if (rows.size() > 1) print_table(rows, out);
  rows = {{"error", "count"}};
  for (const auto& [message, count] : results.errors.sorted()) rows.push_back({message, show_count(count)});
  if (rows.size() > 1) print_table(rows, out);
}

void print_findings(const std::vector<Findings>& findings, std::ostream& out) {
  for (const Findings& found : findings) {
    out << "  verified " << found.what << ": " << show_count(found.examined) << " examined, ";
    out << (found.violations == 0 ? "all as promised" : show_count(found.violations) + " VIOLATIONS");
    out << (found.remark.empty() ? "" : " (" + found.remark + ")") << "\n";
    for (const std::string& line : found.shown) out << "    " << line << "\n";
    if (found.violations > found.shown.size()) out << "    ... and more\n";
  }
}

}  // namespace

void print_summary(const Outcome& outcome, std::ostream& out) {
  const auto& [scenario, results, findings, verdict, connections] = outcome;
  out << "\nscenario " << scenario.name << ", seed " << scenario.seed << ", against " << scenario.target << ", "
      << show_duration(results.load_ns) << "\n\n";
  print_tables(results, out);
  for (const ThresholdOutcome& threshold : verdict.thresholds) {
    out << "  threshold " << threshold.threshold.key << " " << threshold.threshold.text << ": "
        << (threshold.value ? show_value(threshold.threshold, *threshold.value) : "nothing measured")
        << (threshold.kept ? ", kept" : ", MISSED") << "\n";
  }
  print_findings(findings, out);
  out << "  generator: " << show_count(results.started) << " started, " << show_count(results.not_started)
      << " not started, start lag p99 " << show_duration(results.start_lag.quantile(0.99)) << ", at most "
      << show_count(results.most_in_flight) << " in flight, " << show_count(connections) << " connections, "
      << per_second(results.request_count(), results.cpu_ns) << " requests per CPU second\n\n";
  if (verdict.reasons.empty()) out << "PASSED\n";
  for (const Reason& reason : verdict.reasons) out << "FAILED (" << reason.exit << ") " << reason.text << "\n";
}

}  // namespace stoa::scenarios
