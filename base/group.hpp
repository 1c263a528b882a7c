// The name of a consensus group: one shard of one service. Also the prefix under which its state is stored.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace stoa {

struct GroupId {
  uint16_t service = 0;  // the stable number of actors/services.def; 0 is the catalog
  uint16_t shard = 0;

  uint32_t value() const { return static_cast<uint32_t>(service) << 16 | shard; }
  static GroupId from_value(uint32_t v) { return {static_cast<uint16_t>(v >> 16), static_cast<uint16_t>(v)}; }

  friend bool operator==(GroupId a, GroupId b) { return a.value() == b.value(); }
  friend bool operator!=(GroupId a, GroupId b) { return a.value() != b.value(); }
  friend bool operator<(GroupId a, GroupId b) { return a.value() < b.value(); }
};

// One incarnation of a replica. A replica that lost its disk returns under a new id, so that no vote is given twice.
using ReplicaId = uint64_t;
using Term = uint64_t;
using Index = uint64_t;

}  // namespace stoa

template <>
struct std::hash<stoa::GroupId> {
  size_t operator()(stoa::GroupId g) const noexcept { return std::hash<uint32_t>()(g.value()); }
};
