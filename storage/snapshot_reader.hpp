// Reads a shard's snapshot out of a view of its database, chunk by chunk, in any order and as often as wanted: the same
// view gives the same bytes. Holds one key for each chunk, and one chunk while it is read.
// Every function that reads blocks: call them where that is no harm, one at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/database.hpp"
#include "storage/snapshot_manifest.hpp"

namespace stoa {

class SnapshotReader {
 public:
  // REQUIRES that the view has a mark.
  SnapshotReader(GroupId group, std::unique_ptr<ShardView> view);

  // Reads on through the view to learn the manifest, about `bytes` further. True: the manifest is known.
  bool measure(size_t bytes);
  // REQUIRES that it is known, as chunk() does.
  const SnapshotManifest& manifest() const { return manifest_; }

  // The payload. REQUIRES number < manifest().chunks.
  std::string chunk(uint64_t number) const;

 private:
  struct Start {  // of a chunk: bytes into the record with this key
    std::string key;
    size_t skip;
  };

  std::unique_ptr<ShardView> view_;
  std::string end_;   // of the shard's range
  std::string next_;  // what was not measured begins here
  SnapshotManifest manifest_;
  std::vector<Start> starts_;
};

}  // namespace stoa
