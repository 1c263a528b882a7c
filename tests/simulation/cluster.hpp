// A simulated cluster: machines, the nodes that run on them, the network between them, and time. One seed decides
// everything; nothing else may choose or wait.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cluster/data_identity.hpp"
#include "tests/simulation/node.hpp"
#include "tests/simulation/request.hpp"
#include "tests/simulation/shape.hpp"

namespace stoa::whole {

class Cluster {
 public:
  Cluster(uint64_t seed, const Shape& shape, Plant plant);
  ~Cluster();

  // Lets time go on until then, or until `done` or a finding.
  void run_until(int64_t ms, const std::function<bool()>& done);

  // ---- nodes. `machine` is a number, from 0 on.
  size_t size() const { return machines_.size(); }
  Machine& machine(size_t number) { return *machines_.at(number); }
  const std::string& name(size_t number) const { return machines_.at(number)->name; }
  const NodeConfig& node_config(size_t number) const { return *configs_.at(number)->node(name(number)); }
  // nullptr: it does not run, or is stopped as by SIGSTOP.
  Node* running(size_t number);
  void start(size_t number);
  enum class End { kKilled, kPowerCut, kStopped };
  void end(size_t number, End how);
  bool up(size_t number) const { return nodes_.at(number) != nullptr; }
  Node* process(size_t number) { return nodes_.at(number).get(); }  // nullptr: not up
  // As by SIGSTOP, until then.
  void pause(size_t number, int64_t until_ms);
  void wake_all();

  // ---- machines that come and go
  // A new one, with a configuration that names it. Its node was not started.
  size_t add();
  // Its node must not be started any more; it does not run.
  void retire(size_t number);
  bool retired(size_t number) const { return retired_.count(number) != 0; }
  size_t retired_count() const { return retired_.size(); }
  // One that had been retired gets a new disk, and may be started.
  void take_back(size_t number);
  // REQUIRES that its node does not run. All that was on the disk is gone, but not what belongs to the configuration.
  void lose_disk(size_t number);
  // The disk that was lost last is found again and takes the other one's place, which is kept; and the other way round.
  // REQUIRES that one was lost, and that its node does not run.
  void exchange_disks(size_t number);
  // Of the data directory on the other disk; its data_id is empty where there is none.
  DataIdentity other_disk(size_t number);

  // Asks a node's gateway. `done` gets nothing when the connection was refused or lost.
  void ask(size_t number, const Question& question, std::function<void(const Response*)> done);
  // Asks a node's admin port; the request's path is one as the routes are named. `done` gets nothing when the node does
  // not run, or ends before it answers.
  void operate(size_t number, const AdminRequest& request, std::function<void(const AdminResponse*)> done);

  Schedule& schedule() { return schedule_; }
  MemoryNetwork& network() { return network_; }
  Findings& findings() { return findings_; }
  Provider& provider() { return provider_; }
  const Config& config() const { return config_; }  // of the nodes that the cluster began with
  uint64_t starts() const { return starts_; }
  uint64_t caught_up_by_copy() const { return history_.caught_up_by_copy(); }

 private:
  template <class Response>
  struct Asked {
    std::function<void(const Response*)> done;
    size_t number;
  };
  template <class Response>
  using AllAsked = std::map<uint64_t, Asked<Response>>;

  void configure(const Shape& shape);
  NodeConfig describe(size_t number, ServiceNames services) const;
  void set_up(size_t number);
  void run_nodes();
  void beat(size_t number, uint64_t life);
  void keep_disks(size_t number, uint64_t life);
  void store_soon(size_t number);
  bool lives(size_t number, uint64_t life) const { return nodes_[number] && lives_[number] == life; }
  template <class Response>
  void lose_connections(size_t number, AllAsked<Response>& asked);

  Schedule schedule_;
  Findings findings_;
  Provider provider_{findings_};
  ReplicaHistory history_{findings_};
  MemoryNetwork network_;
  const Plant plant_;
  const Shape& shape_;
  Config config_;
  std::vector<std::unique_ptr<Config>> configs_;  // of each machine
  std::vector<std::unique_ptr<Machine>> machines_;
  std::map<size_t, std::unique_ptr<Machine>> other_disks_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<uint64_t> lives_;  // of each machine: how many processes it has had
  std::vector<bool> storing_;    // its journal has a turn under way
  std::vector<int64_t> paused_until_;
  std::set<size_t> retired_;
  AllAsked<Response> asked_;
  AllAsked<AdminResponse> operated_;
  uint64_t last_asked_ = 0;
  uint64_t starts_ = 0;
};

}  // namespace stoa::whole
