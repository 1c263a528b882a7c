// What a crash left of the install of a snapshot is brought to its end before the replica boots: a marker means that
// the state is not whole, and it is installed again from its staging; a state whose sealed staging is still there and
// that the journal does not reach gets its Reset. Anything else is left for ReplicaBoot::check() to judge.
#pragma once

#include "base/group.hpp"
#include "base/result.hpp"
#include "storage/database.hpp"
#include "storage/disk.hpp"
#include "storage/journal.hpp"

namespace stoa {

// Blocks; nothing else may use the shard, nor append to the journal. Its staging may be removed afterwards. An error of
// storage, or a marker whose staging is gone: stop.
Result<void> recover_install(GroupId group, ReplicaId replica, Database& database, Journal& journal, Disk& staging);

}  // namespace stoa
