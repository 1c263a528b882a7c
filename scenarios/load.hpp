// `stoa load`: runs one scenario file against a target and says with one number whether it passed.
// Speaks HTTP only. Documented for users in docs/load.md.
#pragma once

#include <ostream>
#include <string>

namespace stoa::scenarios {

// What the command line said. An empty string means "as the scenario file says" (paths: "do not write").
// Values are given as typed: run_load refuses what it cannot read.
struct LoadOptions {
  std::string file;    // the scenario, a Lua 5.4 file
  std::string target;  // "http://host:port"
  std::string rate;    // "200" or "200/s": the file's load, scaled so that its peak is this many iterations per second
  std::string duration;   // "30s": the file's load, stretched so that it takes this long in all
  std::string seed;       // a whole number
  std::string json;       // where the result is written as JSON
  std::string report;     // where the result is written as one HTML page
  bool terminal = false;  // whether err is a terminal: progress is then one line that is rewritten
};

enum LoadExit : int {
  kPassed = 0,
  kFailed = 1,            // the target was not reached, setup failed, a result could not be written, or interrupted
  kBadScenario = 2,       // a wrong option, or a fault in the scenario file: file:line or the key's path on err
  kThresholdMissed = 10,  // and the generator kept up, so that the latencies can be trusted
  kCheckFailed = 11,      // a check failed that no threshold covers, or an iteration ended in error and no threshold
                          // covers errors
  kInvariantViolated = 12,
  kGeneratorTooSlow = 13,  // starts lagged behind the schedule, or iterations were not started
};

// Runs the scenario to its end: setup, load, verification, summary. Returns a LoadExit; of several that apply the first
// of 12, 11, 13, 10. The summary goes to out; progress and errors (one line each) go to err. Blocks; throws nothing.
// SIGINT and SIGTERM end the load early: what ran is still verified and summed up.
int run_load(const LoadOptions& options, std::ostream& out, std::ostream& err);

}  // namespace stoa::scenarios
