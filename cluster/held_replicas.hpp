// Which of the replicas that a data directory holds are wanted no more, and which are to be opened there, by what the
// cluster's directory says. Neither by one that is older than the newest by which replicas were opened or closed here,
// as a node may know after a crash: it would close what it has not heard of, and open again, empty and under their
// former ids, replicas that are no more.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cluster/data_identity.hpp"
#include "cluster/directory.hpp"

namespace stoa {

// Those whose group does without them: neither meant to be there nor leaving, since what leaves is named until the
// group's leader has said that its members are the others.
std::vector<GroupId> former_replicas(const DataIdentity& held, const Directory& directory);

// Those placed on the node in groups of which it holds nothing: they join by a snapshot.
std::map<GroupId, ReplicaBirth> new_replicas(const DataIdentity& held, const Directory& directory,
                                             const std::string& node);

}  // namespace stoa
