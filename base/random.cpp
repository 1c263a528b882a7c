#include "base/random.hpp"

#include <sys/random.h>

#include "base/check.hpp"

namespace stoa {

uint64_t Random::below(uint64_t n) {
  STOA_CHECK(n > 0, "an empty range has no member");
  // The high half of a 128-bit product; its bias is below n / 2^64.
  return static_cast<uint64_t>((static_cast<unsigned __int128>(u64()) * n) >> 64);
}

uint64_t SeededRandom::u64() {
  uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

uint64_t SystemRandom::u64() {
  if (left_ == 0) {
    // Up to 256 bytes are returned whole and uninterrupted once the pool is ready (getrandom(2)).
    for (size_t at = 0; at < kBuffered; at += 32) {
      STOA_CHECK(getrandom(buffer_ + at, 256, 0) == 256, "the kernel hands out randomness");
    }
    left_ = kBuffered;
  }
  return buffer_[--left_];
}

}  // namespace stoa
