// A clock that stands still until the test moves it.
#pragma once

#include "base/clock.hpp"

namespace stoa {

class ManualClock final : public Clock {
 public:
  Time now() const override { return Time{ms_}; }
  int64_t monotonic_ns() const override { return ms_ * 1'000'000; }
  void advance_ms(int64_t ms) { ms_ += ms; }

 private:
  int64_t ms_ = 1'700'000'000'000;
};

}  // namespace stoa
