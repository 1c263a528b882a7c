// What the catalog of a cluster of one node is told that it was formed as. Data from before the catalog gets its first
// content so too.
#pragma once

#include <map>
#include <string>

#include "base/group.hpp"
#include "cluster/config.hpp"
#include "cluster/directory.hpp"
#include "cluster/replica_boot.hpp"

namespace stoa {

// Every group with its one replica, which is there already. `formation` names the data for ever.
Directory directory_of_one(const Config& config, const NodeConfig& node,
                           const std::map<GroupId, ReplicaBirth>& replicas, std::string formation);

}  // namespace stoa
