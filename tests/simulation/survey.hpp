// A whole cluster seen from outside, as none of its nodes sees it: where its replicas are meant to be, and what it
// could bear to lose.
#pragma once

#include <cstddef>

#include "tests/simulation/cluster.hpp"

namespace stoa::whole {

// The newest that any node knows; not formed() before any does.
const Directory& newest_directory(Cluster& cluster);

// Every shard's members are where the directory wants them, and every node that should run is a member by the data
// directory it has.
bool all_in_place(Cluster& cluster);

// Whether all that was acknowledged must outlive the loss of that machine's disk: every shard of it has, and has had
// for as long as any node can remember, three voters. REQUIRES that no earlier loss is being mended.
bool may_lose(Cluster& cluster, size_t number);

}  // namespace stoa::whole
