#include "gateway/rate_limiter.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "base/check.hpp"

namespace stoa {

RateLimiter::RateLimiter(RatePolicy policy, size_t slots, uint64_t salt)
    : policy_(policy), salt_(salt), full_at_ns_(slots, INT64_MIN) {
  STOA_CHECK(policy.quota > 0 && policy.window_ms > 0 && slots > 0, "a rate policy has a quota and a window");
  interval_ns_ = std::max<int64_t>(1, policy.window_ms * 1'000'000 / policy.quota);
}

size_t RateLimiter::slot_of_key(std::string_view key) const {
  uint64_t h = salt_;
  for (const char c : key) {
    h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    h ^= h >> 29;
  }
  h = (h ^ (h >> 32)) * 0x9e3779b97f4a7c15ULL;
  return (h >> 20) % full_at_ns_.size();
}

RateLimiter::Decision RateLimiter::take(std::string_view key, int64_t now_ns) {
  int64_t& full_at = full_at_ns_[slot_of_key(key)];
  const int64_t base = std::max(full_at, now_ns);
  const int64_t window_ns = interval_ns_ * policy_.quota;
  const int64_t after_it = base + interval_ns_ - now_ns;  // what would be used of the window
  Decision decision;
  decision.allowed = after_it <= window_ns;
  if (decision.allowed) full_at = base + interval_ns_;
  const int64_t used = full_at - now_ns;
  decision.remaining = std::max<int64_t>(0, (window_ns - used) / interval_ns_);
  const int64_t wait_ns = used + interval_ns_ - window_ns;
  decision.next_s = wait_ns <= 0 ? 0 : (wait_ns + 999'999'999) / 1'000'000'000;
  return decision;
}

void RateLimiter::give_back(std::string_view key) { full_at_ns_[slot_of_key(key)] -= interval_ns_; }

std::string rate_limit_fields(std::string_view name, const RatePolicy& policy, const RateLimiter::Decision& decision) {
  std::string out = "RateLimit-Policy: \"";
  out.append(name).append("\";q=").append(std::to_string(policy.quota));
  out.append(";w=").append(std::to_string((policy.window_ms + 999) / 1000)).append("\r\nRateLimit: \"");
  out.append(name).append("\";r=").append(std::to_string(decision.remaining));
  out.append(";t=").append(std::to_string(decision.next_s)).append("\r\n");
  if (!decision.allowed) {
    out.append("Retry-After: ").append(std::to_string(std::max<int64_t>(1, decision.next_s))).append("\r\n");
  }
  return out;
}

std::string limited_address(std::string_view address) {
  boost::system::error_code ec;
  const auto parsed = boost::asio::ip::make_address(std::string(address), ec);
  if (ec || !parsed.is_v6() || parsed.to_v6().is_v4_mapped()) return std::string(address);
  auto bytes = parsed.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return boost::asio::ip::address_v6(bytes).to_string();
}

}  // namespace stoa
