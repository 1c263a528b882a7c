// The seam through which time comes in. Rules never see it: a transaction hands them its time.
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace stoa {

class Clock {
 public:
  virtual ~Clock() = default;
  // Wall clock. May jump.
  virtual Time now() const = 0;
  // Nanoseconds that never run backwards; only differences mean anything.
  virtual int64_t monotonic_ns() const = 0;
};

// The machine's clocks. Any thread.
class SystemClock final : public Clock {
 public:
  Time now() const override;
  int64_t monotonic_ns() const override;
};

}  // namespace stoa
