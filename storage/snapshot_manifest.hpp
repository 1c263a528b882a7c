// What a snapshot of a shard is: the state at one position of its group's log, and how to know that it arrived whole.
// The data is a stream of records (storage/snapshot_stream.hpp) cut into chunks of equal size, the last one shorter.
// Its encoding travels in the group's consensus messages and stands beside the staged data: see docs/snapshots.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/group.hpp"
#include "base/record.hpp"
#include "base/result.hpp"

namespace stoa {

// Of one chunk's payload. With its header a chunk has 256 KiB.
constexpr size_t kSnapshotChunkHeaderBytes = 16;
constexpr size_t kSnapshotChunkBytes = (256 << 10) - kSnapshotChunkHeaderBytes;

struct SnapshotManifest {
  static constexpr uint32_t kVersion = 1;

  uint32_t version = kVersion;  // of the format of chunks and records
  uint32_t group = 0;           // GroupId::value()
  Index index = 0;              // data, members and term are those of this entry
  Term term = 0;
  std::string members;    // encoded by their owner
  uint64_t bytes = 0;     // of the stream
  uint64_t chunks = 0;    // its pieces
  uint32_t checksum = 0;  // crc32c of the stream

  // Of a chunk's payload. REQUIRES number < chunks.
  size_t chunk_bytes(uint64_t number) const {
    return number + 1 < chunks ? kSnapshotChunkBytes
                               : static_cast<size_t>(bytes - number * uint64_t{kSnapshotChunkBytes});
  }
};
template <class V>
void fields(V& v, SnapshotManifest& x) {
  v(1, "version", x.version);
  v(2, "group", x.group);
  v(3, "index", x.index);
  v(4, "term", x.term);
  v(5, "members", x.members);
  v(6, "bytes", x.bytes);
  v(7, "chunks", x.chunks);
  v(8, "checksum", x.checksum);
}

// An error when it is of an unknown version, or when its numbers do not fit together.
Result<SnapshotManifest> decode_manifest(std::string_view bytes);

// Of a chunk: of its number and its payload, so that one in another's place is found.
uint32_t snapshot_chunk_checksum(uint64_t number, std::string_view payload);

}  // namespace stoa
