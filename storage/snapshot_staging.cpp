#include "storage/snapshot_staging.hpp"

#include <utility>

#include "base/check.hpp"
#include "base/crc32c.hpp"
#include "storage/little_endian.hpp"
#include "storage/staging_layout.hpp"

namespace stoa {

SnapshotStaging::SnapshotStaging(Disk& disk, std::string name, ReplicaId replica, SnapshotManifest manifest)
    : disk_(disk),
      replica_(replica),
      manifest_(manifest),
      read_back_(disk, std::move(name), replica, manifest),
      records_(GroupId::from_value(manifest.group).shard) {}

Result<std::unique_ptr<SnapshotStaging>> SnapshotStaging::begin(Disk& disk, ReplicaId replica,
                                                                SnapshotManifest manifest) {
  std::string name = staging_name(GroupId::from_value(manifest.group), replica, manifest.index);
  if (auto removed = remove_staging(disk, name); !removed) return removed.error();
  return std::unique_ptr<SnapshotStaging>(new SnapshotStaging(disk, std::move(name), replica, std::move(manifest)));
}

Result<SnapshotStaging::Fate> SnapshotStaging::add(uint64_t number, uint32_t checksum, std::string_view payload) {
  if (number != next_ || whole()) return Fate::kOutOfOrder;
  if (payload.size() != manifest_.chunk_bytes(number) || checksum != snapshot_chunk_checksum(number, payload)) {
    return Fate::kDamaged;
  }
  if (!part_) {
    const uint64_t part = number / kChunksInPart;
    auto created = disk_.create(staged_part_name(name(), part), part_bytes(manifest_, part));
    if (!created) return created.error();
    part_ = std::move(*created);
  }
  std::string place;
  place.reserve(kSnapshotChunkHeaderBytes + payload.size());
  put_number(place, checksum);
  put_number(place, static_cast<uint32_t>(payload.size()));
  put_number(place, number);
  place += payload;
  if (auto written = part_->write(number % kChunksInPart * kChunkPlaceBytes, place); !written) return written.error();
  ++next_;
  if (whole() || next_ % kChunksInPart == 0) {
    if (auto synced = part_->sync(); !synced) return synced.error();
    part_.reset();
  }
  return Fate::kTaken;
}

Result<SnapshotStaging::Verdict> SnapshotStaging::check(uint64_t chunks) {
  STOA_CHECK(whole(), "what is checked is whole");
  for (; chunks > 0 && checked_ < manifest_.chunks; --chunks, ++checked_) {
    const auto payload = read_back_.chunk(checked_);
    if (!payload) return payload.error();
    checksum_ = crc32c(*payload, checksum_);
    if (!records_.take(*payload, [](std::string_view, std::string_view) {})) return Verdict::kDamaged;
  }
  if (checked_ < manifest_.chunks) return Verdict::kMore;
  if (checksum_ != manifest_.checksum || !records_.at_end()) return Verdict::kDamaged;
  if (auto sealed = seal(); !sealed) return sealed.error();
  return Verdict::kSealed;
}

// The names of the parts are durable before the seal's is.
Result<void> SnapshotStaging::seal() {
  if (auto synced = disk_.sync_names(); !synced) return synced;
  const std::string encoded = encode(manifest_);
  std::string seal = kStagingMagic;
  put_number(seal, kStagingVersion);
  put_number(seal, replica_);
  put_number(seal, static_cast<uint32_t>(encoded.size()));
  seal += encoded;
  put_number(seal, crc32c(seal));
  auto file = disk_.create(staged_manifest_name(name()), seal.size());
  if (!file) return file.error();
  if (auto written = (*file)->write(0, seal); !written) return written;
  if (auto synced = (*file)->sync(); !synced) return synced;
  return disk_.sync_names();
}

}  // namespace stoa
