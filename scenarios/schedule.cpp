#include "scenarios/schedule.hpp"

#include <algorithm>
#include <cmath>

#include "base/check.hpp"
#include "scenarios/streams.hpp"

namespace stoa::scenarios {
namespace {

double seconds(const Phase& phase) { return static_cast<double>(phase.duration_ns) / 1e9; }

double arrivals_of(const Phase& phase) { return (phase.from + phase.to) / 2 * seconds(phase); }

// When `count` arrivals have passed since the phase began, in seconds: the rate's integral, inverted.
double time_of(const Phase& phase, double count) {
  const double slope = (phase.to - phase.from) / seconds(phase);
  if (std::abs(slope) < 1e-12) return count / phase.from;
  const double root = std::sqrt(std::max(0.0, phase.from * phase.from + 2 * slope * count));
  // The form that does not cancel when the slope is small.
  return 2 * count / (phase.from + root);
}

}  // namespace

double peak_rate(const std::vector<Phase>& phases) {
  double peak = 0;
  for (const Phase& phase : phases) peak = std::max({peak, phase.from, phase.to});
  return peak;
}

int64_t total_duration_ns(const std::vector<Phase>& phases) {
  int64_t total = 0;
  for (const Phase& phase : phases) total += phase.duration_ns;
  return total;
}

void scale_to(std::vector<Phase>& phases, double rate) {
  const double factor = rate / peak_rate(phases);
  for (Phase& phase : phases) {
    phase.from *= factor;
    phase.to *= factor;
  }
}

void stretch_to(std::vector<Phase>& phases, int64_t duration_ns) {
  const double factor = static_cast<double>(duration_ns) / static_cast<double>(total_duration_ns(phases));
  for (Phase& phase : phases) {
    phase.duration_ns = std::max<int64_t>(1, std::llround(static_cast<double>(phase.duration_ns) * factor));
  }
}

Schedule::Schedule(std::vector<Phase> phases, SeededRandom random) : phases_(std::move(phases)), random_(random) {}

std::optional<int64_t> Schedule::next() {
  while (phase_ < phases_.size()) {
    const Phase& phase = phases_[phase_];
    const double left = arrivals_of(phase) - done_;
    if (wait_ < left) {
      done_ += wait_;
      const int64_t in_phase_ns = done_ == 0 ? 0 : std::llround(time_of(phase, done_) * 1e9);
      wait_ = phase.poisson ? -std::log1p(-unit_real(random_)) : 1.0;
      return phase_start_ns_ + std::min(in_phase_ns, phase.duration_ns);
    }
    // What is left of the wait goes on into the next phase, so that a seam neither adds nor swallows arrivals.
    wait_ -= left;
    done_ = 0;
    phase_start_ns_ += phase.duration_ns;
    ++phase_;
  }
  return std::nullopt;
}

}  // namespace stoa::scenarios
