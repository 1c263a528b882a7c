#include "scenarios/quantity.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace stoa::scenarios {
namespace {

struct Unit {
  std::string_view name;
  double ns;
};
// Longer names first where one ends in another.
constexpr Unit kUnits[] = {{"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}};
constexpr double kLongestNs = 3600e12;
constexpr double kHighestRate = 1e6;

std::optional<std::string_view> without_suffix(std::string_view text, std::string_view suffix) {
  if (text.size() <= suffix.size() || text.substr(text.size() - suffix.size()) != suffix) return std::nullopt;
  return text.substr(0, text.size() - suffix.size());
}

std::string printed(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

// Three significant digits.
std::string three(double value) { return printed(value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f", value); }

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value) || std::signbit(value)) return std::nullopt;
  return value;
}

std::optional<int64_t> parse_duration_ns(std::string_view text) {
  for (const Unit& unit : kUnits) {
    const auto digits = without_suffix(text, unit.name);
    const auto value = digits ? parse_number(*digits) : std::nullopt;
    if (!value) continue;
    if (*value * unit.ns > kLongestNs) return std::nullopt;
    return static_cast<int64_t>(std::llround(*value * unit.ns));
  }
  return std::nullopt;
}

std::optional<double> parse_rate(std::string_view text) {
  const auto value = parse_number(without_suffix(text, "/s").value_or(text));
  if (!value || *value <= 0 || *value > kHighestRate) return std::nullopt;
  return value;
}

std::optional<double> parse_share(std::string_view text) {
  const auto digits = without_suffix(text, "%");
  const auto value = digits ? parse_number(*digits) : std::nullopt;
  if (!value || *value > 100) return std::nullopt;
  return *value / 100;
}

std::string show_duration(int64_t ns) {
  const double value = static_cast<double>(ns);
  if (value < 999.5e3) return three(value / 1e3) + "us";
  if (value < 999.5e6) return three(value / 1e6) + "ms";
  return three(value / 1e9) + "s";
}

std::string show_count(uint64_t n) {
  std::string digits = std::to_string(n);
  for (size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string show_share(uint64_t part, uint64_t whole) {
  if (whole == 0 || part == 0) return "0%";
  if (part == whole) return "100%";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (percent > 99.99) return ">99.99%";
  if (percent < 0.01) return "<0.01%";
  return printed("%.2f%%", percent);
}

}  // namespace stoa::scenarios
