// A threshold: a key of the results and the bound it must keep, `["checkout.p99"] = "< 50ms"`.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace stoa::scenarios {

enum class Metric { kQuantile, kMin, kMean, kMax, kRate, kErrors, kChecks };
enum class Bound { kBelow, kAtMost, kAbove, kAtLeast };

struct Threshold {
  std::string key;      // as written
  std::string text;     // the bound as written
  std::string subject;  // a flow, a request ("POST /v1/orders") or a check; "" is the whole run
  Metric metric = Metric::kErrors;
  double quantile = 0;  // of kQuantile
  Bound bound = Bound::kBelow;
  double limit = 0;  // ns, per second, or a share of 1

  bool kept_by(double value) const;
};

// Keys: SUBJECT.p50 .p90 .p95 .p99 .p999 .min .mean .max (a duration), SUBJECT.rate (per second), SUBJECT.errors,
// errors, rate, checks and checks.NAME (a share). Bounds: < <= > >= and the quantity.
Result<Threshold> parse_threshold(std::string_view key, std::string_view text);

}  // namespace stoa::scenarios
