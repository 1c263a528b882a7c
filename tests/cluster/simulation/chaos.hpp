// What befalls a simulated group: crashes, partitions, slow disks and networks, changes of members.
#pragma once

#include "tests/cluster/simulation/node.hpp"

namespace stoa::simulation {

class Chaos {
 public:
  Chaos(World& world, bool change_members) : world_(world), change_members_(change_members) {}

  void start();
  void heal();  // for good: everybody is up and can talk

  uint64_t crashes() const { return crashes_; }

 private:
  void strike();
  void crash_one(bool leader);
  void crash_all();
  void partition();
  void lose_leader();
  void weather();
  void disks();
  void housekeeping();
  void churn();
  bool replace_removed();
  Node* leader();
  Node* any_up();
  void restart_later(Node& node, int64_t max_ms);

  World& world_;
  const bool change_members_;
  bool healed_ = false;
  uint64_t crashes_ = 0;
  ReplicaId last_id_ = 100;
};

}  // namespace stoa::simulation
