#include "base/advancing_clock.hpp"

namespace stoa {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;

}  // namespace

Time AdvancingClock::now() const {
  const int64_t monotonic_ms = machine_.monotonic_ns() / kNsPerMs;
  const int64_t lead_ms = machine_.now().ms - monotonic_ms;
  int64_t largest_ms = lead_ms_.load(std::memory_order_relaxed);
  while (largest_ms < lead_ms && !lead_ms_.compare_exchange_weak(largest_ms, lead_ms, std::memory_order_relaxed))
    continue;
  return Time{monotonic_ms + (largest_ms < lead_ms ? lead_ms : largest_ms)};
}

}  // namespace stoa
