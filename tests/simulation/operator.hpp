// What an operator does to a simulated cluster: moves replicas, drains nodes and takes them back, has all placed anew;
// in some runs lets nodes join and takes others away, healthy ones and such as are lost for good.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "tests/simulation/cluster.hpp"

namespace stoa::whole {

class Operator {
 public:
  explicit Operator(Cluster& cluster) : cluster_(cluster) {}

  // Asks for something, and does not wait.
  void act();
  // A disk or a node was lost: for a while nothing is asked that could leave too few copies.
  void heed_loss();
  // Something was asked that may leave fewer copies, and not every node need know of it yet.
  bool may_shrink() const { return cluster_.schedule().now_ms() < shrinks_until_ms_; }
  // Lets a node join or takes one away, step by step, until it has come about or was refused; one at a time.
  // `may_lose_one`: the one taken away may be lost for good. True: one was.
  bool change_members(bool may_lose_one);

  bool idle() const { return !busy_; }
  const std::string& doing() const { return doing_; }  // for people

  uint64_t moves() const { return moves_; }
  uint64_t joins() const { return joins_; }
  uint64_t removals() const { return removals_; }

 private:
  using Heard = std::function<void(const AdminResponse& response)>;

  void note(const AdminRequest& request);
  void join();
  void ask_to_join(size_t number);
  void take_away(size_t number);
  void remove(size_t number, bool lost);
  void removed(size_t number);
  void later(std::function<void()> step);
  // Of any node. `heard` is not called where it does not run, or ends before it answers.
  void ask(const AdminRequest& request, const Heard& heard);
  // Until somebody has answered for the catalog.
  void insist(const AdminRequest& request, const Heard& heard);
  void count(const AdminResponse& response) { moves_ += response.refusal ? 0 : 1; }

  bool heeds_loss() const { return cluster_.schedule().now_ms() < heeds_loss_until_ms_; }
  size_t any() { return cluster_.schedule().random().below(cluster_.size()); }

  Cluster& cluster_;
  std::set<std::string> draining_;
  int64_t heeds_loss_until_ms_ = 0;
  int64_t shrinks_until_ms_ = 0;
  bool busy_ = false;
  std::string doing_;
  uint64_t attempt_ = 0;
  uint64_t moves_ = 0, joins_ = 0, removals_ = 0;
};

}  // namespace stoa::whole
