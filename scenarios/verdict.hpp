// What a run comes to: its thresholds, and the exit code with its reasons.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/findings.hpp"
#include "scenarios/results.hpp"
#include "scenarios/scenario.hpp"

namespace stoa::scenarios {

struct ThresholdOutcome {
  Threshold threshold;
  std::optional<double> value;  // ns, per second or a share; nullopt when nothing was measured, which is a miss
  bool kept = false;
};

struct Reason {
  int exit = 0;
  std::string text;
};

struct Verdict {
  std::vector<ThresholdOutcome> thresholds;
  std::vector<Reason> reasons;  // the one that decided first; empty when passed
  int exit = 0;
};

// 12 > 11 > 13 > 10 > 1: a broken promise or a failed check is true however slow the generator was; a missed latency is
// to be believed only when it was not slow. 1 is left for a load that was interrupted.
Verdict judge(const Scenario& scenario, const Results& results, const std::vector<Findings>& findings);

// The value of a threshold as people read it: "12.3ms", "0.10%", "199/s".
std::string show_value(const Threshold& threshold, double value);

}  // namespace stoa::scenarios
