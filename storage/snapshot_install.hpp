// Puts a staged snapshot in the place of a shard's state, in steps: marker and empty range at once, the records, the
// mark in the marker's place, flush. A crash leaves the state before, a marker that names the staging, or the new
// state. Called in the flusher's queue, or before anything else runs. After an error stop the process.
#pragma once

#include "storage/database.hpp"
#include "storage/snapshot_stream.hpp"
#include "storage/staged_snapshot.hpp"

namespace stoa {

class SnapshotInstall {
 public:
  // For the replica that it was staged for. `database` outlives this.
  SnapshotInstall(Database& database, StagedSnapshot staged);

  // Writes about one chunk. True: all of it is there, and durable.
  Result<bool> step();

  // Of the shard once it is done.
  const ShardMark& mark() const { return mark_; }

 private:
  Result<void> add_chunk();

  Database& database_;
  StagedSnapshot staged_;
  const uint16_t shard_;
  const ShardMark mark_;
  SnapshotStreamReader records_;
  uint64_t next_ = 0;
  bool begun_ = false;
};

}  // namespace stoa
