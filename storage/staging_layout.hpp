// Where the parts of a staged snapshot stand: the files of one name in the staging directory.
#pragma once

#include <algorithm>
#include <string>

#include "storage/snapshot_manifest.hpp"

namespace stoa {

constexpr uint64_t kChunksInPart = 16;  // 4 MiB a file: what is synced at once must not hold up the journal for long
constexpr uint64_t kChunkPlaceBytes = kSnapshotChunkHeaderBytes + kSnapshotChunkBytes;

constexpr char kStagingMagic[] = "STOASNAP";
constexpr size_t kStagingMagicBytes = 8;
constexpr uint32_t kStagingVersion = 1;

inline std::string staged_manifest_name(const std::string& name) { return name + ".manifest"; }
inline std::string staged_part_name(const std::string& name, uint64_t part) {
  return name + "." + std::to_string(part) + ".part";
}
// The staging that a file belongs to; empty: to none.
inline std::string staging_of_file(const std::string& file) {
  const auto ends_with = [&](std::string_view end) {
    return file.size() > end.size() && std::string_view(file).substr(file.size() - end.size()) == end;
  };
  return ends_with(".manifest") || ends_with(".part") ? file.substr(0, file.find('.')) : std::string();
}

inline uint64_t parts_of(const SnapshotManifest& m) { return (m.chunks + kChunksInPart - 1) / kChunksInPart; }
inline uint64_t part_bytes(const SnapshotManifest& m, uint64_t part) {
  const uint64_t last = std::min(m.chunks, (part + 1) * kChunksInPart) - 1;
  return last % kChunksInPart * kChunkPlaceBytes + kSnapshotChunkHeaderBytes + m.chunk_bytes(last);
}

}  // namespace stoa
