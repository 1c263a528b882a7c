// A histogram that one thread fills and another reads at a scrape.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "base/metric_family.hpp"

namespace stoa {

class AtomicHistogram {
 public:
  // Upper bounds, rising; one more bucket takes the rest.
  explicit AtomicHistogram(std::vector<double> bounds) : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

  void observe(double value) {
    size_t i = 0;
    while (i < bounds_.size() && value > bounds_[i]) ++i;
    counts_[i].fetch_add(1, std::memory_order_relaxed);
    // Only one thread adds, so reading and writing apart loses nothing.
    sum_.store(sum_.load(std::memory_order_relaxed) + value, std::memory_order_relaxed);
  }

  MetricSample sample() const {
    MetricSample out;
    uint64_t count = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      count += counts_[i].load(std::memory_order_relaxed);
      out.buckets.emplace_back(i < bounds_.size() ? bounds_[i] : kInfinity, count);
    }
    out.value = sum_.load(std::memory_order_relaxed);
    return out;
  }

 private:
  static constexpr double kInfinity = __builtin_inf();

  const std::vector<double> bounds_;
  std::vector<std::atomic<uint64_t>> counts_;
  std::atomic<double> sum_{0};
};

}  // namespace stoa
