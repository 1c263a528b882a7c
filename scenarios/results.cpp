#include "scenarios/results.hpp"

#include <algorithm>

namespace stoa::scenarios {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// A number, a UUID, or "ord_" and the like with 32 hex digits.
bool is_id(std::string_view segment) {
  if (segment.empty()) return false;
  if (std::all_of(segment.begin(), segment.end(), is_digit)) return true;
  const std::string_view bare = segment.substr(std::min(segment.find('_') + 1, segment.size()));
  if (bare.size() != 32 && bare.size() != 36) return false;
  return std::all_of(bare.begin(), bare.end(), [](char c) { return is_hex(c) || c == '-'; });
}

}  // namespace

uint64_t Results::finished() const {
  uint64_t sum = 0;
  for (const auto& [name, flow] : flows) sum += flow.finished;
  return sum;
}

uint64_t Results::iteration_errors() const {
  uint64_t sum = 0;
  for (const auto& [name, flow] : flows) sum += flow.errors;
  return sum;
}

uint64_t Results::request_count() const {
  uint64_t sum = 0;
  for (const auto& [name, request] : requests.sorted()) sum += request.latency.count();
  return sum;
}

CheckResult Results::all_checks() const {
  CheckResult sum;
  for (const auto& [name, check] : checks.sorted()) {
    sum.passed += check.passed;
    sum.failed += check.failed;
  }
  return sum;
}

std::string request_name(std::string_view method, std::string_view path) {
  std::string name(method);
  name += ' ';
  path = path.substr(0, path.find('?'));
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(1, slash - 1);
    name.append("/").append(is_id(segment) ? std::string_view("{id}") : segment);
    path.remove_prefix(slash);
  }
  return name;
}

}  // namespace stoa::scenarios
