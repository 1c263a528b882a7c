// The end of a run: everything works again, so everything that was begun must come to its end within a bounded time,
// and what the shop's services hold must add up to what its clients were promised.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/simulation/client.hpp"
#include "tests/simulation/operator.hpp"

namespace stoa::whole {

class Closing {
 public:
  Closing(Cluster& cluster, Shop& shop, const Operator& op) : cluster_(cluster), shop_(shop), operator_(op) {}

  // REQUIRES that the cluster has healed.
  void run(const std::vector<std::unique_ptr<Client>>& clients);

 private:
  // Findings name what did not come to pass in time.
  bool wait(const char* what, int64_t ms, const std::function<bool()>& done);
  std::string replicas() const;  // how all are, for people
  Response must(const Question& question);
  bool members_in_place();
  bool quiet();
  void settle_orders();
  void compare_orders();
  void compare_order(const std::string& id, const nlohmann::json& order);
  void compare_lists();
  void compare_stock();
  bool held_by_known_orders();
  void wait_for_orphans();
  void compare_replicas();

  Cluster& cluster_;
  Shop& shop_;
  const Operator& operator_;
  bool orphans_ = false;                            // something is held for an order that never began
  std::map<std::string, int64_t> sold_, returned_;  // pieces by product
};

}  // namespace stoa::whole
