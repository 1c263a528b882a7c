// What a seed makes of a run before it begins: how many nodes there are and which services each hosts, how much of a
// log is kept for those who stay behind, whether nodes come and go and disks are lost. It is drawn apart from all that
// happens in the run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "cluster/replica_boot.hpp"

namespace stoa::whole {

using ServiceNames = std::vector<std::string>;

struct Shape {
  std::vector<ServiceNames> nodes;  // which services each hosts at first
  bool split = false;               // no two nodes need host the same
  Index kept_for_others = kKeptForOthers;
  bool members_change = false;  // nodes join, and are removed
  bool loses_disks = false;

  bool trims_early() const { return kept_for_others < kKeptForOthers; }
};

Shape shape_of(uint64_t seed);

// Of one node of a cluster whose services live on different ones.
ServiceNames some_services(Random& random);

}  // namespace stoa::whole
