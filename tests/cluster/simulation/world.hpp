// What the simulated nodes share: time, the network between them, the snapshots under way, and the checker.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cluster/replica_port.hpp"
#include "tests/cluster/simulation/checker.hpp"
#include "tests/cluster/simulation/machine.hpp"
#include "tests/cluster/simulation/plant.hpp"
#include "tests/cluster/simulation/schedule.hpp"

namespace stoa::simulation {

struct Network {
  uint64_t loss_percent = 0;
  uint64_t double_percent = 0;
  int64_t delay_min_ms = 1;
  int64_t delay_max_ms = 5;
  std::set<std::pair<ReplicaId, ReplicaId>> cut;  // from, to
};

class Node;

struct World {
  World(uint64_t seed, Plant what);
  ~World();

  Schedule schedule;
  Checker checker;
  Network network;
  const Plant plant;
  std::vector<std::unique_ptr<Node>> nodes;
  std::vector<std::unique_ptr<Node>> retired;  // events may still name them
  Members newest_members;                      // after the last change that anyone applied
  Index newest_members_at = 0;
  std::set<ReplicaId> ever_members;
  uint64_t installs = 0;
  uint64_t changes = 0;
  std::map<Index, std::pair<Machine, Members>> snapshots;  // what manifests name; a state is one per index
  struct Slowness {
    int64_t disk_max_ms = 3;
  } slowness;

  void members_changed(const Members& members, Index at);
  // A majority of the newest voters acts without it.
  bool removal_known(ReplicaId id);
  Node* node_of(ReplicaId id);
  // `offer` is set for a message that carries a snapshot.
  void send(ReplicaId from, ReplicaId to, std::string message, const SnapshotOffer* offer);

 private:
  void deliver(ReplicaId from, ReplicaId to, const std::string& message, bool snapshot);
};

}  // namespace stoa::simulation
