// What is to be moved next, and why: pure functions of the directory.
//
// Kept by every change: no node holds two replicas of a group; a group never has fewer replicas than
// min(replication, living nodes that host it); only a settled group is changed, unless a node that it waits for is
// gone.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "actors/catalog/types.hpp"

namespace stoa::catalog {

// Groups that may be on the move at once: each costs a snapshot on its way.
inline constexpr size_t kMovesAtOnce = 4;
inline constexpr uint32_t kCatalogReplicas = 3;

// Whether the node may be given a replica of the service: it is alive, was admitted, and hosts it. The catalog is
// hosted by all.
bool takes(const DirectoryNode& node, uint16_t service);

// How many replicas the group is to have, as things are.
size_t wanted_replicas(const Directory& directory, const DirectoryGroup& group);

// Replicas of this node, those that are leaving it included.
size_t replicas_held(const Directory& directory, std::string_view node);

// The changes that may begin now, at most so many that kMovesAtOnce groups are on the move. First what must leave a
// node and what lacks a replica, then what the rule would place elsewhere.
std::vector<PlacementChange> next_changes(const Directory& directory);

// Carries a change out. `mint` gives a new ReplicaId. REQUIRES a change that the group allows.
void apply_change(const PlacementChange& change, const std::function<uint64_t()>& mint, Directory& directory);

}  // namespace stoa::catalog
