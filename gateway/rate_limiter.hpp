// The generic cell rate algorithm over a fixed table: taking and counting are one step, memory is bounded. Keys that
// share a slot share a rate, so an overfull table limits too much, never too little. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/gateway_options.hpp"

namespace stoa {

class RateLimiter {
 public:
  // REQUIRES a policy with quota > 0. `salt` is random, so that no one can aim at another's slot.
  RateLimiter(RatePolicy policy, size_t slots, uint64_t salt);

  struct Decision {
    bool allowed = false;
    int64_t remaining = 0;  // that may come at once
    int64_t next_s = 0;     // until one more may come, when none remains; rounded up
  };
  Decision take(std::string_view key, int64_t now_ns);
  // What was taken does not count after all.
  void give_back(std::string_view key);

  const RatePolicy& policy() const { return policy_; }

 private:
  size_t slot_of_key(std::string_view key) const;

  RatePolicy policy_;
  int64_t interval_ns_;  // one request's share of the window
  uint64_t salt_;
  std::vector<int64_t> full_at_ns_;  // per slot: when all of the quota is there again
};

// Fields "RateLimit-Policy" and "RateLimit" (draft-ietf-httpapi-ratelimit-headers-11), and Retry-After when refused.
std::string rate_limit_fields(std::string_view name, const RatePolicy& policy, const RateLimiter::Decision& decision);

// What an address counts as: itself, or the /64 network of an IPv6 address.
std::string limited_address(std::string_view address);

}  // namespace stoa
