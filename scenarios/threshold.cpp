#include "scenarios/threshold.hpp"

#include <cmath>
#include <optional>

#include "scenarios/quantity.hpp"

namespace stoa::scenarios {
namespace {

// p50, p99, p999 ...: the digits behind "0.".
std::optional<double> quantile_of(std::string_view name) {
  if (name.size() < 3 || name.size() > 7 || name[0] != 'p') return std::nullopt;
  double digits = 0;
  double scale = 1;
  for (const char c : name.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    digits = digits * 10 + (c - '0');
    scale *= 10;
  }
  return digits / scale;
}

bool set_metric(Threshold& threshold, std::string_view name) {
  if (const auto quantile = quantile_of(name)) {
    threshold.metric = Metric::kQuantile;
    threshold.quantile = *quantile;
    return true;
  }
  if (name == "min") return threshold.metric = Metric::kMin, true;
  if (name == "mean" || name == "avg") return threshold.metric = Metric::kMean, true;
  if (name == "max") return threshold.metric = Metric::kMax, true;
  if (name == "rate") return threshold.metric = Metric::kRate, true;
  if (name == "errors") return threshold.metric = Metric::kErrors, true;
  return false;
}

bool set_key(Threshold& threshold, std::string_view key) {
  constexpr std::string_view kOneCheck = "checks.";
  if (key == "checks") return threshold.metric = Metric::kChecks, true;
  if (key.substr(0, kOneCheck.size()) == kOneCheck) {
    threshold.metric = Metric::kChecks;
    threshold.subject = std::string(key.substr(kOneCheck.size()));
    return !threshold.subject.empty();
  }
  if (key == "errors" || key == "rate") return set_metric(threshold, key);
  const size_t dot = key.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  threshold.subject = std::string(key.substr(0, dot));
  return set_metric(threshold, key.substr(dot + 1));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<Bound> take_bound(std::string_view& text) {
  const bool or_equal = text.size() > 1 && text[1] == '=';
  const char sign = text.empty() ? ' ' : text[0];
  if (sign != '<' && sign != '>') return std::nullopt;
  text = trimmed(text.substr(or_equal ? 2 : 1));
  if (sign == '<') return or_equal ? Bound::kAtMost : Bound::kBelow;
  return or_equal ? Bound::kAtLeast : Bound::kAbove;
}

std::optional<double> limit_of(Metric metric, std::string_view text) {
  if (metric == Metric::kRate) return parse_rate(text);
  if (metric == Metric::kErrors || metric == Metric::kChecks) return parse_share(text);
  const auto ns = parse_duration_ns(text);
  return ns ? std::optional<double>(static_cast<double>(*ns)) : std::nullopt;
}

const char* wanted(Metric metric) {
  if (metric == Metric::kRate) return "a rate such as \"> 100/s\"";
  if (metric == Metric::kErrors || metric == Metric::kChecks) return "a share such as \"< 0.1%\"";
  return "a duration such as \"< 50ms\"";
}

}  // namespace

bool Threshold::kept_by(double value) const {
  switch (bound) {
    case Bound::kBelow:
      return value < limit;
    case Bound::kAtMost:
      return value <= limit;
    case Bound::kAbove:
      return value > limit;
    case Bound::kAtLeast:
      return value >= limit;
  }
  return false;
}

Result<Threshold> parse_threshold(std::string_view key, std::string_view text) {
  Threshold threshold;
  threshold.key = std::string(key);
  threshold.text = std::string(text);
  if (!set_key(threshold, key)) {
    return Error{
        "is no key of the results; write NAME.p50, .p90, .p95, .p99, .p999, .min, .mean, .max, .rate or "
        ".errors of a flow or a request, errors, rate, checks or checks.NAME"};
  }
  std::string_view rest = trimmed(text);
  const auto bound = take_bound(rest);
  const auto limit = bound ? limit_of(threshold.metric, rest) : std::nullopt;
  if (!limit) return Error{"is \"" + std::string(text) + "\"; it must be < <= > or >= and " + wanted(threshold.metric)};
  threshold.bound = *bound;
  threshold.limit = *limit;
  return threshold;
}

}  // namespace stoa::scenarios
