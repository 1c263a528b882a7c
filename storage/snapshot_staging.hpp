// Takes the chunks of a snapshot in order, puts them into the staging directory, and seals them once all are there,
// were read back and compared, and are synced. What was not sealed is worth nothing after a crash. Functions block on
// the disk; one thread at a time. After an error stop the process.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "storage/disk.hpp"
#include "storage/snapshot_manifest.hpp"
#include "storage/snapshot_stream.hpp"
#include "storage/staged_snapshot.hpp"

namespace stoa {

class SnapshotStaging {
 public:
  // Removes what may stand under the same name. `disk` outlives this.
  static Result<std::unique_ptr<SnapshotStaging>> begin(Disk& disk, ReplicaId replica, SnapshotManifest manifest);

  enum class Fate {
    kTaken,
    kOutOfOrder,  // not next(): nothing happened
    kDamaged,     // of another size or checksum: nothing happened, fetch it again
  };
  Result<Fate> add(uint64_t number, uint32_t checksum, std::string_view payload);
  uint64_t next() const { return next_; }
  bool whole() const { return next_ == manifest_.chunks; }

  enum class Verdict { kMore, kSealed, kDamaged };
  // Reads back up to `chunks` more; after the last one seals. kDamaged: the parts do not make the whole, remove it all.
  // REQUIRES whole().
  Result<Verdict> check(uint64_t chunks);

  const std::string& name() const { return read_back_.name(); }
  const SnapshotManifest& manifest() const { return manifest_; }

 private:
  SnapshotStaging(Disk& disk, std::string name, ReplicaId replica, SnapshotManifest manifest);
  Result<void> seal();

  Disk& disk_;
  const ReplicaId replica_;
  const SnapshotManifest manifest_;
  std::unique_ptr<File> part_;  // of next()
  uint64_t next_ = 0;

  StagedSnapshot read_back_;
  SnapshotStreamReader records_;
  uint64_t checked_ = 0;
  uint32_t checksum_ = 0;
};

}  // namespace stoa
