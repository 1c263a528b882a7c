// When to try again: exponential with full jitter between half and all of it, bounded.
// Source: M. Brooker, "Exponential Backoff And Jitter" (equal jitter).
#pragma once

#include <algorithm>
#include <cstdint>

#include "actors/runtime/reply.hpp"
#include "base/random.hpp"

namespace stoa {

constexpr int64_t kAskDeadlineMs = 5000;
// What a finished saga held is back within 5 s of the shard's being there again: contract §4, Reading.
constexpr int64_t kRetryAtMostMs = 1000;

inline int64_t retry_delay_ms(int attempt, Random& random) {
  const int64_t full = std::min<int64_t>(kRetryAtMostMs, 100LL << std::min(attempt, 6));
  return full / 2 + static_cast<int64_t>(random.below(static_cast<uint64_t>(full / 2 + 1)));
}

// Whether the shard gave no answer of the domain, so that the same command must be sent again.
inline bool must_repeat(const Answer& answer) {
  return answer.code == kNotLeader.code || answer.code == kUnknownFate.code || answer.code == kOverloaded.code ||
         answer.code == kUnavailable.code || answer.code == kStorageFull.code;
}

}  // namespace stoa
