// A loop's courier: the actor through which everything on the loop that is no actor (connections, shards' own
// questions) sends typed requests and gets the replies back on the loop.
#pragma once

#include <map>

#include "actors/runtime/service_port.hpp"
#include "cluster/inspected.hpp"

namespace stoa {

class Courier final : public Inspected<caf::event_based_actor> {
 public:
  Courier(caf::actor_config& config, LoopUnit& unit, Probe& probe) : Inspected(config, unit, probe) {}

  // Ends with the exit message of its owner and nothing else.
  caf::behavior make_behavior() override {
    name_message("reply");
    return {[](caf::unit_t) {}};
  }
};

}  // namespace stoa
