// Whole groups of replicas in one thread, from one seed: they lose messages, power and unsynced writes while clients
// read and write, then everything heals and must agree. The same seed gives the same run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/group.hpp"
#include "tests/cluster/simulation/plant.hpp"

namespace stoa::simulation {

struct Options {
  uint64_t seed = 0;
  size_t voters = 3;
  Plant plant = Plant::kNone;
};

struct Outcome {
  std::string violation;  // empty = all held
  uint64_t trace = 0;
  uint64_t answered = 0;
  uint64_t crashes = 0;
  uint64_t snapshots = 0;
  uint64_t changes = 0;  // of members, completed
  Term term = 0;
};

Outcome simulate(const Options& options);

}  // namespace stoa::simulation
