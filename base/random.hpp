// The seam through which randomness comes in. Rules never see it: the gateway mints ids, the shell hands them on.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stoa {

class Random {
 public:
  virtual ~Random() = default;
  virtual uint64_t u64() = 0;
  // Uniform in [0, n). REQUIRES n > 0.
  uint64_t below(uint64_t n);
};

// Reproducible: the same seed gives the same numbers on every machine (SplitMix64, Steele et al., OOPSLA 2014).
// Not for secrets. One thread.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  uint64_t u64() override;

 private:
  uint64_t state_;
};

// The kernel's generator (getrandom), buffered. Fit for secrets. One thread.
class SystemRandom final : public Random {
 public:
  uint64_t u64() override;

 private:
  static constexpr size_t kBuffered = 64;
  uint64_t buffer_[kBuffered] = {};
  size_t left_ = 0;
};

}  // namespace stoa
