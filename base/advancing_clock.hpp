// A wall clock that never runs backwards. It follows the machine's clock forwards; when that is set back, it goes on at
// the pace of real time from where it was, so that deadlines, repeats and timers that are waited for still come. It
// stays ahead of the machine until the process ends or the machine has caught up. Any thread.
#pragma once

#include <atomic>
#include <limits>

#include "base/clock.hpp"

namespace stoa {

class AdvancingClock final : public Clock {
 public:
  // The machine's clock outlives it.
  explicit AdvancingClock(const Clock& machine) : machine_(machine) {}

  Time now() const override;
  int64_t monotonic_ns() const override { return machine_.monotonic_ns(); }

 private:
  const Clock& machine_;
  mutable std::atomic<int64_t> lead_ms_{std::numeric_limits<int64_t>::min()};  // the wall's over the monotonic clock
};

}  // namespace stoa
