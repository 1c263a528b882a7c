// What the programs of this kind have in common: their options, how they end, and what they say on the way.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "bench/checkout/report.hpp"

namespace stoa::bench {

struct ContestOptions {
  std::string stoa = "build/release/stoa";
  std::string directory = "/var/tmp";
  double seconds = 2;
  int rounds = 3;
  std::string json;
  std::map<std::string, std::string> more;  // the program's own, by name
};

struct ContestProgram {
  const char* name;
  const char* usage;
  std::map<std::string, std::string> more;                // names of its own options, and their defaults
  std::function<bool(const ContestOptions&)> fits;        // its own options; false: wrong usage
  std::function<Report(const ContestOptions&)> run = {};  // throws where the run failed
};

// A line on stderr, and the place where a signal ends the run.
void say(const std::string& what);
// Each in turns: one that warms up and is forgotten, then so many as are asked for.
void take_turns(const ContestOptions& options, Report& report, const std::function<void(double seconds)>& round);
// The program's exit code: 0 floors held, 10 a floor was missed, 1 the run failed, 2 wrong usage.
int contest_main(const ContestProgram& program, int argc, char** argv);

}  // namespace stoa::bench
