#include "scenarios/histogram.hpp"

#include <algorithm>
#include <cmath>

#include "base/check.hpp"

namespace stoa::scenarios {
namespace {

// Below 2^kLinearBits every value has a bucket of its own; above it each power of two is cut into kHalf buckets.
constexpr int kLinearBits = 8;
constexpr int64_t kHalf = int64_t{1} << (kLinearBits - 1);
constexpr int64_t kLongestNs = (int64_t{1} << 42) - 1;

size_t bucket_of(int64_t ns) {
  const int bits = 64 - __builtin_clzll(static_cast<uint64_t>(ns) | 1);
  const int shift = std::max(0, bits - kLinearBits);
  return static_cast<size_t>(shift * kHalf + (ns >> shift));
}

// The middle of a bucket.
int64_t value_of(size_t bucket) {
  const int64_t at = static_cast<int64_t>(bucket);
  if (at < 2 * kHalf) return at;
  const int64_t shift = at / kHalf - 1;
  const int64_t low = (at - shift * kHalf) << shift;
  return low + (int64_t{1} << shift) / 2;
}

}  // namespace

void Histogram::record(int64_t ns) {
  ns = std::clamp<int64_t>(ns, 0, kLongestNs);
  const size_t bucket = bucket_of(ns);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  min_ = count_ == 0 ? ns : std::min(min_, ns);
  max_ = std::max(max_, ns);
  sum_ += static_cast<double>(ns);
  ++count_;
}

void Histogram::merge(const Histogram& other) {
  if (other.count_ == 0) return;
  if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
  for (size_t at = 0; at < other.buckets_.size(); ++at) buckets_[at] += other.buckets_[at];
  min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
  count_ += other.count_;
}

int64_t Histogram::quantile(double share) const {
  STOA_CHECK(share >= 0 && share <= 1, "a quantile is a share of the whole");
  if (count_ == 0) return 0;
  const auto wanted = std::max<uint64_t>(1, static_cast<uint64_t>(std::ceil(share * static_cast<double>(count_))));
  uint64_t seen = 0;
  for (size_t at = 0; at < buckets_.size(); ++at) {
    seen += buckets_[at];
    if (seen >= wanted) return std::clamp(value_of(at), min_, max_);
  }
  return max_;
}

}  // namespace stoa::scenarios
