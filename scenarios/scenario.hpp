// A scenario file, read and validated: what contract says a scenario is, as plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "scenarios/schedule.hpp"
#include "scenarios/threshold.hpp"

struct lua_State;

namespace stoa::scenarios {

// The customers that iterations act as, one after the other.
struct UsersSpec {
  int count = 0;
  std::string email;  // with one %d, which becomes 1 .. count
  std::string password;
};

struct FlowSpec {
  std::string name;
  uint64_t weight = 0;
  int function = 0;  // a reference in Lua's registry
};

struct VerifySpec {
  bool stock = false;
  bool orders = false;
  bool idempotency = false;
  bool events = false;

  bool any() const { return stock || orders || idempotency || events; }
};

struct Scenario {
  std::string file;
  std::string name;
  uint64_t seed = 1;
  std::string target;
  std::vector<Phase> load;
  std::optional<UsersSpec> users;
  std::vector<FlowSpec> flows;  // those of the mix, by name
  std::optional<int> setup;     // a reference in Lua's registry
  std::vector<Threshold> thresholds;
  VerifySpec verify;
  int64_t timeout_ns = 30'000'000'000;  // of one request
  int64_t settle_ns = 5'000'000'000;    // after the load, until what sagas hold must be free
  int64_t start_lag_ns = 100'000'000;   // starts later than this at the 99th percentile: the generator is too slow
  size_t connections = 256;
  size_t in_flight = 10'000;  // iterations at a time; more are not started
};

// Runs the file in `lua` and reads the table that it returns. An error names file:line (a fault of Lua) or the file and
// the key's path ("load[2].shape").
Result<Scenario> read_scenario(lua_State* lua, const std::string& file);

}  // namespace stoa::scenarios
