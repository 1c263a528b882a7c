#include "scenarios/streams.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/check.hpp"

namespace stoa::scenarios {

SeededRandom stream_of(uint64_t seed, uint64_t number) {
  // Mixed twice, one after the other: seeds and numbers must not be exchangeable, nor neighbours alike.
  const uint64_t mixed = SeededRandom(seed).u64() + number;
  return SeededRandom(SeededRandom(mixed).u64());
}

double unit_real(Random& random) { return static_cast<double>(random.u64() >> 11) * 0x1p-53; }

std::string uuid_v4(Random& random) {
  const uint64_t high = (random.u64() & ~uint64_t{0xf000}) | 0x4000;
  const uint64_t low = (random.u64() & ~(uint64_t{3} << 62)) | uint64_t{2} << 62;
  char text[37];
  std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(high >> 32),
                static_cast<unsigned>(high >> 16 & 0xffff), static_cast<unsigned>(high & 0xffff),
                static_cast<unsigned>(low >> 48), static_cast<unsigned long long>(low & 0xffffffffffff));
  return text;
}

uint64_t Zipf::draw(uint64_t n, double exponent, Random& random) {
  STOA_CHECK(n > 0, "one draws from something");
  auto found = cumulative_.find({n, exponent});
  if (found == cumulative_.end()) {
    if (cumulative_.size() >= kTables) cumulative_.clear();
    std::vector<double> sums(n);
    double sum = 0;
    for (uint64_t rank = 0; rank < n; ++rank) {
      sums[rank] = sum += std::pow(static_cast<double>(rank + 1), -exponent);
    }
    found = cumulative_.emplace(std::make_pair(n, exponent), std::move(sums)).first;
  }
  const std::vector<double>& sums = found->second;
  const auto at = std::upper_bound(sums.begin(), sums.end(), unit_real(random) * sums.back());
  return std::min<uint64_t>(static_cast<uint64_t>(at - sums.begin()), n - 1);
}

}  // namespace stoa::scenarios
