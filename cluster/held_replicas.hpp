// Which of the replicas that a data directory holds are wanted no more, by what the cluster's directory says.
#pragma once

#include <vector>

#include "cluster/data_identity.hpp"
#include "cluster/directory.hpp"

namespace stoa {

// Those whose group does without them: neither meant to be there nor leaving, since what leaves is named until the
// group's leader has said that its members are the others. Nothing by a directory that is older than the newest by
// which replicas were opened here: it knows nothing of those.
std::vector<GroupId> former_replicas(const DataIdentity& held, const Directory& directory);

}  // namespace stoa
