// Where each shard's actor is: a table beside the caller, not an actor. Of the shards of other nodes it knows the link
// that leads there.
#pragma once

#include <caf/all.hpp>
#include <map>
#include <memory>

#include "actors/runtime/service_port.hpp"
#include "base/group.hpp"
#include "storage/saga_row.hpp"

namespace stoa {

class Mesh;

struct ShardDirectory {
  ShardCounts counts{};
  std::map<uint16_t, const ServicePort*> ports;      // by service number
  std::map<uint16_t, const CommandTable*> commands;  // likewise
  std::map<GroupId, caf::strong_actor_ptr> here;     // the replicas of this node, leading or not
  Mesh* mesh = nullptr;                              // to the other nodes; none: everything is here
};

}  // namespace stoa
