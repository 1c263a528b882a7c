#include "gateway/http_metrics.hpp"

#include <limits>

namespace stoa {
namespace {

constexpr int kKnownStatuses[] = {200, 201, 202, 204, 304, 400, 401, 402, 403, 404, 405, 406, 408, 409, 411,
                                  412, 413, 414, 415, 417, 421, 422, 428, 429, 431, 500, 501, 503, 505, 507};
constexpr int kOther = static_cast<int>(std::size(kKnownStatuses));
constexpr const char* kMethodNames[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"};
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kBounds[] = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                              0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    kInfinity};

// One writer: no locked instruction is needed.
template <class T, class D>
void bump(std::atomic<T>& counter, D by) {
  counter.store(counter.load(std::memory_order_relaxed) + static_cast<T>(by), std::memory_order_relaxed);
}

int status_index(int status) {
  for (int i = 0; i < kOther; ++i) {
    if (kKnownStatuses[i] == status) return i;
  }
  return kOther;
}

}  // namespace

HttpMetrics::HttpMetrics(const RouteTable& table, std::string version) : table_(table), version_(std::move(version)) {
  static_assert(std::size(kBounds) == kBuckets && kOther < kStatuses && std::size(kMethodNames) == kMethods);
  for (size_t i = 0; i < table.entries().size(); ++i) routes_.push_back(std::make_unique<PerRoute>());
}

void HttpMetrics::answered(size_t entry, Method method, int status, int64_t duration_ns) {
  PerRoute& route = *routes_[entry];
  bump(route.requests[static_cast<int>(method)][status_index(status)], 1);
  const double seconds = static_cast<double>(duration_ns) * 1e-9;
  int bucket = 0;
  while (seconds > kBounds[bucket]) ++bucket;
  bump(route.buckets[bucket], 1);
  bump(route.sum_ns, duration_ns);
}

void HttpMetrics::rejected(std::string_view reason) {
  const std::lock_guard lock(mutex_);
  ++rejected_.try_emplace(std::string(reason), 0).first->second;
}

void HttpMetrics::in_flight(int change) { bump(in_flight_, change); }

void HttpMetrics::collect(std::vector<MetricFamily>& out) const {
  using Kind = MetricFamily::Kind;
  MetricFamily requests{"stoa_http_requests_total", "Answered HTTP requests", Kind::kCounter, {}};
  MetricFamily duration{
      "stoa_http_request_duration_seconds", "From the head's first byte to the answer", Kind::kHistogram, {}};
  for (size_t i = 0; i < routes_.size(); ++i) {
    const PerRoute& route = *routes_[i];
    const std::string& path = table_.entries()[i].path;
    for (int m = 0; m < kMethods; ++m) {
      for (int s = 0; s <= kOther; ++s) {
        const uint64_t n = route.requests[m][s].load(std::memory_order_relaxed);
        const std::string status = s == kOther ? "other" : std::to_string(kKnownStatuses[s]);
        if (n > 0) {
          requests.samples.push_back(
              {{{"route", path}, {"method", kMethodNames[m]}, {"status", status}}, static_cast<double>(n), {}});
        }
      }
    }
    MetricSample sample{
        {{"route", path}}, static_cast<double>(route.sum_ns.load(std::memory_order_relaxed)) * 1e-9, {}};
    uint64_t total = 0;
    for (int b = 0; b < kBuckets; ++b) {
      total += route.buckets[b].load(std::memory_order_relaxed);
      sample.buckets.emplace_back(kBounds[b], total);
    }
    if (total > 0) duration.samples.push_back(std::move(sample));
  }
  out.push_back(std::move(requests));
  out.push_back(std::move(duration));
  const auto in_flight = static_cast<double>(in_flight_.load(std::memory_order_relaxed));
  out.push_back({"stoa_http_in_flight", "Requests waiting for their answer", Kind::kGauge, {{{}, in_flight, {}}}});
  MetricFamily rejected{"stoa_rejected_total", "Requests turned away before any work", Kind::kCounter, {}};
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [reason, n] : rejected_)
      rejected.samples.push_back({{{"reason", reason}}, static_cast<double>(n), {}});
  }
  out.push_back(std::move(rejected));
  out.push_back({"stoa_build_info", "What is running", Kind::kGauge, {{{{"version", version_}}, 1, {}}}});
}

}  // namespace stoa
