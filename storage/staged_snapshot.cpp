#include "storage/staged_snapshot.hpp"

#include <set>

#include "base/check.hpp"
#include "base/crc32c.hpp"
#include "storage/little_endian.hpp"
#include "storage/staging_layout.hpp"

namespace stoa {
namespace {

struct Sealed {
  ReplicaId replica = 0;
  SnapshotManifest manifest;
};

// nullopt: it is not what seals a staging. A crash may leave any bytes in a file that was not synced.
std::optional<Sealed> read_seal(std::string_view bytes) {
  if (bytes.size() < sizeof(uint32_t)) return std::nullopt;
  const std::string_view body = bytes.substr(0, bytes.size() - sizeof(uint32_t));
  NumberReader in(bytes);
  const std::string_view magic = in.bytes(kStagingMagicBytes);
  const auto version = in.number<uint32_t>();
  Sealed out;
  out.replica = in.number<ReplicaId>();
  const std::string_view encoded = in.bytes(in.number<uint32_t>());
  const auto checksum = in.number<uint32_t>();
  if (!in.ok() || magic != kStagingMagic || version != kStagingVersion || checksum != crc32c(body)) return std::nullopt;
  auto manifest = decode_manifest(encoded);
  if (!manifest) return std::nullopt;
  out.manifest = std::move(*manifest);
  return out;
}

}  // namespace

std::string staging_name(GroupId group, ReplicaId replica, Index index) {
  return std::to_string(group.service) + "-" + std::to_string(group.shard) + "-" + std::to_string(replica) + "-" +
         std::to_string(index);
}

Result<std::optional<StagedSnapshot>> StagedSnapshot::open(Disk& disk, const std::string& name) {
  const auto listed = disk.list();
  if (!listed) return listed.error();
  const std::set<std::string> files(listed->begin(), listed->end());
  if (files.count(staged_manifest_name(name)) == 0) return std::optional<StagedSnapshot>{};
  const auto file = disk.open(staged_manifest_name(name));
  if (!file) return file.error();
  const auto bytes = (*file)->read(0, (*file)->size());
  if (!bytes) return bytes.error();
  auto sealed = read_seal(*bytes);
  if (!sealed) return std::optional<StagedSnapshot>{};
  for (uint64_t part = 0; part < parts_of(sealed->manifest); ++part) {
    if (files.count(staged_part_name(name, part)) == 0) return std::optional<StagedSnapshot>{};
  }
  return std::optional(StagedSnapshot(disk, name, sealed->replica, std::move(sealed->manifest)));
}

Result<std::string> StagedSnapshot::chunk(uint64_t number) {
  STOA_CHECK(number < manifest_.chunks, "a chunk of the snapshot");
  if (!part_ || part_number_ != number / kChunksInPart) {
    auto opened = disk_->open(staged_part_name(name_, number / kChunksInPart));
    if (!opened) return opened.error();
    part_ = std::move(*opened);
    part_number_ = number / kChunksInPart;
  }
  const uint64_t offset = number % kChunksInPart * kChunkPlaceBytes;
  auto bytes = part_->read(offset, kSnapshotChunkHeaderBytes + manifest_.chunk_bytes(number));
  if (!bytes) return bytes.error();
  NumberReader in(*bytes);
  const auto checksum = in.number<uint32_t>(), length = in.number<uint32_t>();
  const auto stored = in.number<uint64_t>();
  const std::string_view payload = in.bytes(in.left());
  if (length != payload.size() || stored != number || checksum != snapshot_chunk_checksum(number, payload)) {
    return Error{"chunk " + std::to_string(number) + " of the staged snapshot " + name_ + " is damaged"};
  }
  bytes->erase(0, kSnapshotChunkHeaderBytes);
  return bytes;
}

// The seal goes first: what is left after a crash is not taken for whole.
Result<void> remove_staging(Disk& disk, const std::string& name) {
  const auto files = disk.list();
  if (!files) return files.error();
  bool sealed = false;
  for (const std::string& file : *files) {
    if (file != staged_manifest_name(name)) continue;
    if (auto removed = disk.remove(file); !removed) return removed;
    sealed = true;
  }
  if (sealed) {
    if (auto synced = disk.sync_names(); !synced) return synced;
  }
  for (const std::string& file : *files) {
    if (staging_of_file(file) != name || file == staged_manifest_name(name)) continue;
    if (auto removed = disk.remove(file); !removed) return removed;
  }
  return {};
}

Result<void> clear_staging(Disk& disk) {
  const auto files = disk.list();
  if (!files) return files.error();
  std::set<std::string> names;
  for (const std::string& file : *files) {
    if (const std::string name = staging_of_file(file); !name.empty()) names.insert(name);
  }
  for (const std::string& name : names) {
    if (auto removed = remove_staging(disk, name); !removed) return removed;
  }
  return {};
}

}  // namespace stoa
