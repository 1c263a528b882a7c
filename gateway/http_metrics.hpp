// What one gateway counts of its requests. Written by its loop alone, without locks; read by any thread at a scrape.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/metric_family.hpp"
#include "gateway/route_table.hpp"

namespace stoa {

class HttpMetrics final : public Collectable {
 public:
  // The table outlives it.
  HttpMetrics(const RouteTable& table, std::string version);

  void answered(size_t entry, Method method, int status, int64_t duration_ns);
  // A request that was turned away before it was worked on.
  void rejected(std::string_view reason);
  void in_flight(int change);

  void collect(std::vector<MetricFamily>& out) const override;

 private:
  static constexpr int kStatuses = 32;
  static constexpr int kMethods = 8;
  static constexpr int kBuckets = 16;
  struct PerRoute {
    std::atomic<uint64_t> requests[kMethods][kStatuses] = {};
    std::atomic<uint64_t> buckets[kBuckets] = {};
    std::atomic<uint64_t> sum_ns{0};
  };

  const RouteTable& table_;
  const std::string version_;
  std::vector<std::unique_ptr<PerRoute>> routes_;
  std::atomic<int64_t> in_flight_{0};
  mutable std::mutex mutex_;  // guards rejected_
  std::map<std::string, uint64_t, std::less<>> rejected_;
};

}  // namespace stoa
