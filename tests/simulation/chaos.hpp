// What befalls a simulated cluster: kills, power cuts, clean restarts, stops, partitions one way and both, broken
// connections, slow and full disks, clocks that jump, leads that change hands, replicas that move.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "tests/simulation/cluster.hpp"

namespace stoa::whole {

class Chaos {
 public:
  explicit Chaos(Cluster& cluster);

  void start();
  void heal();  // for good: every node runs and can talk

  uint64_t ends() const { return ends_; }
  uint64_t partitions() const { return partitions_; }
  uint64_t moves() const { return moves_; }

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
  void turn_clock();
  void transfer_lead();
  void operate();
  void start_later(size_t number, int64_t most_ms);
  void apply_cuts();
  void ask_admin(const std::string& path, const std::string& body, std::vector<std::string> values);
  size_t any() { return cluster_.schedule().random().below(cluster_.size()); }
  const std::string& name(size_t number) const { return cluster_.config().nodes[number].name; }

  using Cut = std::pair<size_t, size_t>;  // from, to
  Cluster& cluster_;
  const int64_t quiet_most_ms_;  // between two strikes: some runs are worse than others
  bool healed_ = false;
  std::set<Cut> partition_;
  std::set<Cut> cut_;          // as the network knows
  std::set<size_t> still_;     // nodes that are stopped
  std::set<size_t> dark_;      // machines without power: nobody is told
  std::set<size_t> stopping_;  // that were told to stop
  std::set<std::string> draining_;
  uint64_t ends_ = 0, partitions_ = 0, moves_ = 0;
};

}  // namespace stoa::whole
