// What the leaders on a node do about their groups: bring the members to where the directory wants them, and give the
// lead to the node that should have it, so that leads are spread evenly. On the loop.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "actors/runtime/mesh.hpp"
#include "actors/runtime/shard_host.hpp"
#include "app/cluster_document.hpp"
#include "base/clock.hpp"
#include "cluster/directory.hpp"

namespace stoa {

class Shepherd {
 public:
  // The members of a group led here are those that its directory entry wants. May be said again and again.
  using Settled = std::function<void(const DirectoryGroup& group)>;

  // All outlive it.
  Shepherd(ShardHost& host, Mesh& mesh, const ClusterStatus& status, const Clock& clock, Settled settled)
      : host_(host), mesh_(mesh), status_(status), clock_(clock), settled_(std::move(settled)) {}

  // Ten times a second.
  void tick(const Directory& directory);

 private:
  struct Led {
    Time since;
    Time next;  // one step at a time, and time to see what came of it
  };
  void tend(HostedShard& hosted, const DirectoryGroup& group, Led& led);
  void prefer(HostedShard& hosted, const DirectoryGroup& group, const Led& led);
  bool caught_up(const Shard& shard, ReplicaId id) const;

  ShardHost& host_;
  Mesh& mesh_;
  const ClusterStatus& status_;
  const Clock& clock_;
  const Settled settled_;
  std::map<GroupId, Led> led_;
  Time next_transfer_;
};

}  // namespace stoa
