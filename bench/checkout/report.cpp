#include "bench/checkout/report.hpp"

#include <algorithm>

namespace stoa::bench {
namespace {

std::string spread(const Measured& measured) {
  if (measured.rates.empty() || measured.rate() <= 0) return "";
  const auto [least, most] = std::minmax_element(measured.rates.begin(), measured.rates.end());
  char text[32];
  std::snprintf(text, sizeof text, "%.2f-%.2f", *least / measured.rate(), *most / measured.rate());
  return text;
}

std::string verdict_word(const Verdict& verdict) {
  if (!verdict.measured()) return "not measured";
  if (!verdict.asked_for()) return "";
  if (!verdict.passed()) return "missed";
  return verdict.goal > 0 && verdict.reached >= verdict.goal ? "pass, goal reached" : "pass";
}

}  // namespace

double ratio(double over, double under) { return under > 0 ? over / under : -1; }

Row& Report::row(const std::string& system, int clients) {
  if (Row* found = find(system, clients)) return *found;
  rows_.push_back({system, clients, {}});
  return rows_.back();
}

Row* Report::find(const std::string& system, int clients) {
  const auto found = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const Row& row) { return row.system == system && row.clients == clients; });
  return found == rows_.end() ? nullptr : &*found;
}

Row* Report::best(const std::string& system) {
  Row* best = nullptr;
  for (Row& row : rows_) {
    if (row.system == system && (best == nullptr || row.measured.rate() > best->measured.rate())) best = &row;
  }
  return best;
}

Measured Report::measured(const std::string& system, int clients) {
  const Row* found = find(system, clients);
  return found == nullptr ? Measured() : found->measured;
}

Measured Report::best_measured(const std::string& system) {
  const Row* found = best(system);
  return found == nullptr ? Measured() : found->measured;
}

void Report::print(std::FILE* out) {
  std::stable_sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return a.system < b.system; });
  std::fprintf(out, "%-14s %8s %10s %11s %8s %8s %10s %10s\n", "", "clients", "per second", "spread", "p50 us",
               "p99 us", "server us", "client us");
  for (Row& row : rows_) {
    Measured& m = row.measured;
    std::fprintf(out, "%-14s %8d %10.0f %11s %8.0f %8.0f %10.1f %10.1f\n", row.system.c_str(), row.clients, m.rate(),
                 spread(m).c_str(), m.latency_us(0.5), m.latency_us(0.99), m.server_us(), m.client_us());
  }
  std::fprintf(out, "\nserver us, client us: CPU microseconds of each side for one request\n");
  for (const std::string& system : detailed_) {
    const Row* busiest = best(system);
    if (busiest == nullptr) continue;
    const Measured& m = busiest->measured;
    std::fprintf(out, "\none of %s at %d connections\n", system.c_str(), busiest->clients);
    for (const auto& [name, grown] : m.counters) {
      if (grown > 0) std::fprintf(out, "  %-44s %10.3f\n", name.c_str(), m.each(name));
    }
  }
  std::fprintf(out, "\n%-44s %8s %8s %8s\n", "ratio", "reached", "floor", "goal");
  for (const Verdict& v : verdicts()) {
    char floor[16] = "", goal[16] = "";
    if (v.asked_for()) std::snprintf(floor, sizeof floor, "%s%6.2f", v.at_most ? "<=" : ">=", v.floor);
    if (v.goal > 0) std::snprintf(goal, sizeof goal, "%.2f", v.goal);
    char reached[16] = "-";
    if (v.measured()) std::snprintf(reached, sizeof reached, "%.2f", v.reached);
    std::fprintf(out, "%-44s %8s %8s %8s  %s\n", v.what.c_str(), reached, floor, goal, verdict_word(v).c_str());
  }
}

nlohmann::json Report::json() {
  nlohmann::json rows = nlohmann::json::array(), asked = nlohmann::json::array();
  for (Row& row : rows_) {
    Measured& m = row.measured;
    nlohmann::json each = nlohmann::json::object();
    for (const auto& counter : m.counters) each[counter.first] = m.each(counter.first);
    rows.push_back({{"system", row.system},
                    {"clients", row.clients},
                    {"done", m.done},
                    {"per_second", m.rate()},
                    {"rounds_per_second", m.rates},
                    {"p50_us", m.latency_us(0.5)},
                    {"p99_us", m.latency_us(0.99)},
                    {"server_cpu_us", m.server_us()},
                    {"client_cpu_us", m.client_us()},
                    {"counters_each", each}});
  }
  for (const Verdict& v : verdicts()) {
    asked.push_back({{"what", v.what}, {"reached", v.reached}, {"verdict", verdict_word(v)}});
    if (v.asked_for()) asked.back()[v.at_most ? "at_most" : "floor"] = v.floor;
    if (v.goal > 0) asked.back()["goal"] = v.goal;
  }
  return {{"rows", rows}, {"verdicts", asked}};
}

bool Report::passed() {
  const auto all = verdicts();
  return std::all_of(all.begin(), all.end(), [](const Verdict& v) { return !v.required || v.passed(); });
}

}  // namespace stoa::bench
