#include "storage/snapshot_manifest.hpp"

#include "base/crc32c.hpp"
#include "storage/little_endian.hpp"

namespace stoa {

Result<SnapshotManifest> decode_manifest(std::string_view bytes) {
  auto out = decode<SnapshotManifest>(bytes);
  if (!out) return Error{"a snapshot's manifest does not decode"};
  if (out->version != SnapshotManifest::kVersion) {
    return Error{"a snapshot of version " + std::to_string(out->version) + ": this program knows " +
                 std::to_string(SnapshotManifest::kVersion)};
  }
  const uint64_t chunks = out->bytes / kSnapshotChunkBytes + (out->bytes % kSnapshotChunkBytes != 0 ? 1 : 0);
  if (out->index == 0 || out->term == 0 || out->chunks != chunks) {
    return Error{"a snapshot's manifest contradicts itself"};
  }
  return std::move(*out);
}

uint32_t snapshot_chunk_checksum(uint64_t number, std::string_view payload) {
  std::string bytes;
  put_number(bytes, number);
  return crc32c(payload, crc32c(bytes));
}

}  // namespace stoa
