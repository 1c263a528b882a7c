// A simulated cluster: machines, the nodes that run on them, the network between them, and time. One seed decides
// everything; nothing else may choose or wait.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/simulation/node.hpp"
#include "tests/simulation/request.hpp"

namespace stoa::whole {

class Cluster {
 public:
  Cluster(uint64_t seed, size_t nodes, Plant plant);
  ~Cluster();

  // Lets time go on until then, or until `done` or a finding.
  void run_until(int64_t ms, const std::function<bool()>& done);

  // ---- nodes. `machine` is a number, from 0 on.
  size_t size() const { return machines_.size(); }
  Machine& machine(size_t number) { return *machines_.at(number); }
  // nullptr: it does not run, or is stopped as by SIGSTOP.
  Node* running(size_t number);
  void start(size_t number);
  enum class End { kKilled, kPowerCut, kStopped };
  void end(size_t number, End how);
  bool up(size_t number) const { return nodes_.at(number) != nullptr; }
  // As by SIGSTOP, until then.
  void pause(size_t number, int64_t until_ms);
  void wake_all();

  // Asks a node's gateway. `done` gets nothing when the connection was refused or lost.
  void ask(size_t number, const Question& question, std::function<void(const Response*)> done);

  Schedule& schedule() { return schedule_; }
  MemoryNetwork& network() { return network_; }
  Findings& findings() { return findings_; }
  Provider& provider() { return provider_; }
  const Config& config() const { return config_; }
  uint64_t starts() const { return starts_; }

 private:
  struct Asked {
    std::function<void(const Response*)> done;
    size_t number;
  };

  void run_nodes();
  void beat(size_t number, uint64_t life);
  void keep_disks(size_t number, uint64_t life);
  void store_soon(size_t number);
  bool lives(size_t number, uint64_t life) const { return nodes_[number] && lives_[number] == life; }
  void lose_connections(size_t number);

  Schedule schedule_;
  Findings findings_;
  Provider provider_{findings_};
  ReplicaHistory history_{findings_};
  MemoryNetwork network_;
  const Plant plant_;
  Config config_;
  std::vector<std::unique_ptr<Machine>> machines_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<uint64_t> lives_;  // of each machine: how many processes it has had
  std::vector<bool> storing_;    // its journal has a turn under way
  std::vector<int64_t> paused_until_;
  std::map<uint64_t, Asked> asked_;
  uint64_t last_asked_ = 0;
  uint64_t starts_ = 0;
};

}  // namespace stoa::whole
