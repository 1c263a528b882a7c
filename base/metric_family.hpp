// Metrics as plain data: what any folder can hand over at a scrape, without knowing who renders it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace stoa {

struct MetricSample {
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;  // of a counter or gauge; the sum of a histogram
  // A histogram's buckets: upper bound and how many were at or below it, rising; the last bound is infinity.
  std::vector<std::pair<double, uint64_t>> buckets;
};

struct MetricFamily {
  enum class Kind : uint8_t { kCounter, kGauge, kHistogram };
  std::string name;
  std::string help;
  Kind kind = Kind::kGauge;
  std::vector<MetricSample> samples;
};

// Something with metrics. collect() is called at each scrape, on the scraping thread, while the owner works on.
class Collectable {
 public:
  virtual ~Collectable() = default;
  virtual void collect(std::vector<MetricFamily>& out) const = 0;
};

}  // namespace stoa
