// When iterations start: the open model. Arrivals follow from the phases and the seed alone, never from answers.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/random.hpp"

namespace stoa::scenarios {

// One phase of load. The rate goes from `from` to `to` (per second) in a straight line; a constant one has both alike.
struct Phase {
  double from = 0;
  double to = 0;
  int64_t duration_ns = 0;
  bool poisson = false;  // independent arrivals; else evenly spaced
};

double peak_rate(const std::vector<Phase>& phases);
int64_t total_duration_ns(const std::vector<Phase>& phases);

// The same shape, scaled so that its peak is `rate`. REQUIRES a peak above 0.
void scale_to(std::vector<Phase>& phases, double rate);
// The same shape, stretched so that it takes `duration_ns` in all. REQUIRES a duration above 0.
void stretch_to(std::vector<Phase>& phases, int64_t duration_ns);

class Schedule {
 public:
  Schedule(std::vector<Phase> phases, SeededRandom random);

  // The next start, in ns since the load began; nullopt once the last phase is over. Never before the one before it.
  std::optional<int64_t> next();

 private:
  std::vector<Phase> phases_;
  SeededRandom random_;
  size_t phase_ = 0;
  int64_t phase_start_ns_ = 0;
  double done_ = 0;  // arrivals of this phase whose time has been passed, fractions included
  double wait_ = 0;  // how much of an arrival must still pass until the next one
};

}  // namespace stoa::scenarios
