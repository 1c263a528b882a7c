// A snapshot that was received whole, checked and synced, and waits in the staging directory to be installed. Written
// by storage/snapshot_staging.hpp; the files are described in docs/snapshots.md. Functions block on the disk.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/disk.hpp"
#include "storage/snapshot_manifest.hpp"

namespace stoa {

// One for each state that a replica may take over.
std::string staging_name(GroupId group, ReplicaId replica, Index index);

class StagedSnapshot {
 public:
  // nullopt: there is none of that name, or not all of it. An error of the disk: stop the process.
  static Result<std::optional<StagedSnapshot>> open(Disk& disk, const std::string& name);

  const std::string& name() const { return name_; }
  ReplicaId replica() const { return replica_; }  // for whom it was staged
  const SnapshotManifest& manifest() const { return manifest_; }

  // The payload. An error when it is not what was staged, too. REQUIRES number < manifest().chunks.
  Result<std::string> chunk(uint64_t number);

 private:
  friend class SnapshotStaging;
  StagedSnapshot(Disk& disk, std::string name, ReplicaId replica, SnapshotManifest manifest)
      : disk_(&disk), name_(std::move(name)), replica_(replica), manifest_(std::move(manifest)) {}

  Disk* disk_;
  std::string name_;
  ReplicaId replica_;
  SnapshotManifest manifest_;
  std::unique_ptr<File> part_;  // the one read last
  uint64_t part_number_ = 0;
};

// What stands under one name, whole or not; what is under all of them. A crash may bring it back.
Result<void> remove_staging(Disk& disk, const std::string& name);
Result<void> clear_staging(Disk& disk);

}  // namespace stoa
