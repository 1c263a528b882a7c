// Which node should lead which group: each node about as many as the others, in all and of every service, and the
// groups that work on the same requests on one node, since a step from group to group within a node costs no message,
// and entries of groups that one node leads share its turns.
#pragma once

#include <cstdint>
#include <vector>

#include "cluster/directory.hpp"

namespace stoa {

// Turns each group's replicas so that the preferred leader comes first. Groups of the services `together` (by number)
// are led by one node, as far as evenness allows, where they hold the same slots. Again for what it made: no change.
void spread_leaders(std::vector<DirectoryGroup>& groups, const std::vector<uint16_t>& together);

}  // namespace stoa
