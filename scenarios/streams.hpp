// Where a scenario's random values come from. Every iteration has a stream of its own, derived from the seed and the
// iteration's number: the same seed sends the same requests, in whatever order the answers come.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/random.hpp"

namespace stoa::scenarios {

// Streams that belong to no iteration. Iterations are numbered from 0 upwards.
constexpr uint64_t kArrivalStream = ~uint64_t{0};
constexpr uint64_t kSetupStream = ~uint64_t{1};
constexpr uint64_t kSampleStream = ~uint64_t{2};

SeededRandom stream_of(uint64_t seed, uint64_t number);

// In [0, 1), with 53 random bits.
double unit_real(Random& random);

// A random UUID of version 4, with hyphens.
std::string uuid_v4(Random& random);

// Ranks 0 .. n-1, where rank r is drawn in proportion to 1 / (r + 1)^exponent. Tables are kept per (n, exponent), the
// latest few only.
class Zipf {
 public:
  // REQUIRES n > 0 and exponent >= 0.
  uint64_t draw(uint64_t n, double exponent, Random& random);

 private:
  static constexpr size_t kTables = 16;
  std::map<std::pair<uint64_t, double>, std::vector<double>> cumulative_;
};

}  // namespace stoa::scenarios
