// What befalls a simulated cluster: kills, power cuts, clean restarts, stops, partitions one way and both, broken
// connections, slow, full and lost disks, clocks that jump, leads that change hands, and operators.
#pragma once

#include <set>
#include <utility>

#include "tests/simulation/operator.hpp"

namespace stoa::whole {

class Chaos {
 public:
  Chaos(Cluster& cluster, const Shape& shape, Operator& op);  // all outlive it

  void start();
  void heal();  // for good: every node runs and can talk

  uint64_t ends() const { return ends_; }
  uint64_t partitions() const { return partitions_; }
  uint64_t lost_disks() const { return lost_disks_; }
  uint64_t found_disks() const { return found_disks_; }

 private:
  void strike();
  void end_one();
  void end_all();
  void restart_cleanly();
  void hand_over(size_t number, int64_t until_ms);
  void pause_one();
  void partition();
  void disconnect();
  void disks();
  void fill_disk();
  void lose_disk();
  void find_disk(size_t number);
  void keep_to_the_named_disk(size_t number);
  bool nothing_lost();
  void turn_clock();
  void transfer_lead();
  void operate();
  void start_later(size_t number, int64_t most_ms);
  void apply_cuts();
  size_t any() { return cluster_.schedule().random().below(cluster_.size()); }

  using Cut = std::pair<size_t, size_t>;  // from, to
  Cluster& cluster_;
  const Shape& shape_;
  Operator& operator_;
  const int64_t quiet_most_ms_;  // between two strikes: some runs are worse than others
  bool healed_ = false;
  std::set<Cut> partition_;
  std::set<Cut> cut_;          // as the network knows
  std::set<size_t> still_;     // nodes that are stopped
  std::set<size_t> dark_;      // machines without power: nobody is told
  std::set<size_t> stopping_;  // that were told to stop
  bool lost_ = false;          // a disk or a node was, and not all is in its place since
  int64_t lost_until_ms_ = 0;  // at the least
  uint64_t ends_ = 0, partitions_ = 0, lost_disks_ = 0, found_disks_ = 0;
};

}  // namespace stoa::whole
