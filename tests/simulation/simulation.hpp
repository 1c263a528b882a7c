// A run of a whole cluster under trouble, from one seed: machines lose power and unsynced writes, networks are cut,
// clocks jump and replicas move while clients buy, read and cancel; then everything heals, and must add up.
#pragma once

#include <cstdint>
#include <string>

#include "tests/simulation/plant.hpp"

namespace stoa::whole {

struct Options {
  uint64_t seed = 0;
  Plant plant = Plant::kNone;
};

struct Outcome {
  std::string finding;  // empty: all held
  uint64_t trace = 0;   // of everything that was applied and answered
  uint64_t settled = 0;
  uint64_t orders = 0;
  uint64_t confirmed = 0;
  uint64_t starts = 0;
  uint64_t partitions = 0;
  uint64_t moves = 0;
  uint64_t split = 0;        // 1: not every node hosts every service
  uint64_t copies = 0;       // that brought replicas up which had stayed too far behind
  uint64_t joins = 0;        // of nodes
  uint64_t removals = 0;     // of nodes
  uint64_t lost_disks = 0;   // whose machines came back with empty ones
  uint64_t found_disks = 0;  // of those that were lost
  int64_t simulated_ms = 0;
};

Outcome simulate(const Options& options);

}  // namespace stoa::whole
