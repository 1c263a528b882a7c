// Where each shard's actor is: a table beside the caller, not an actor. Filled at start; a cluster adds the other
// nodes'.
#pragma once

#include <caf/all.hpp>
#include <map>
#include <memory>

#include "actors/runtime/service_port.hpp"
#include "base/group.hpp"
#include "storage/saga_row.hpp"

namespace stoa {

struct ShardDirectory {
  ShardCounts counts{};
  std::map<uint16_t, const ServicePort*> ports;      // by service number
  std::map<uint16_t, const CommandTable*> commands;  // likewise
  std::map<GroupId, caf::strong_actor_ptr> leaders;  // the replica that leads, as far as is known
};

}  // namespace stoa
