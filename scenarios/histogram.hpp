// How long things took: a log-linear histogram. Quantiles are off by less than 0.8 %, whatever the range.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace stoa::scenarios {

class Histogram {
 public:
  // Durations below 0 count as 0; above an hour and a quarter as that. O(1), allocates only while the range grows.
  void record(int64_t ns);
  void merge(const Histogram& other);

  uint64_t count() const { return count_; }
  int64_t min() const { return count_ == 0 ? 0 : min_; }
  int64_t max() const { return max_; }
  int64_t mean() const { return count_ == 0 ? 0 : static_cast<int64_t>(sum_ / static_cast<double>(count_)); }

  // The smallest recorded duration that at least this share of all does not exceed: quantile(0.5) is the median.
  // 0 when nothing was recorded. REQUIRES 0 <= share <= 1.
  int64_t quantile(double share) const;

 private:
  std::vector<uint64_t> buckets_;
  uint64_t count_ = 0;
  int64_t min_ = 0;
  int64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace stoa::scenarios
