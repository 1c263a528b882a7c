// A run told to people (tables) and to programs (JSON).
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "scenarios/findings.hpp"
#include "scenarios/results.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/verdict.hpp"

namespace stoa::scenarios {

struct Outcome {
  const Scenario& scenario;
  const Results& results;
  const std::vector<Findings>& findings;
  const Verdict& verdict;
  uint64_t connections_opened = 0;
};

void print_summary(const Outcome& outcome, std::ostream& out);

// One object; docs/load.md names its fields.
std::string json_result(const Outcome& outcome);

// The same as one page that needs nothing else.
std::string html_report(const Outcome& outcome);

}  // namespace stoa::scenarios
