// What tests of snapshots have in common: a shard with many records, its snapshot, and a staging filled from it.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/random.hpp"
#include "storage/key.hpp"
#include "storage/memory_database.hpp"
#include "storage/snapshot_reader.hpp"
#include "storage/snapshot_staging.hpp"
#include "tests/storage/database_kinds.hpp"

namespace stoa {

constexpr GroupId kSnapshotGroup{3, 2};

inline std::string snapshot_key(size_t number, Table table = 1) {
  std::string out = table_prefix(kSnapshotGroup.shard, table);
  append_key(out, static_cast<uint64_t>(number));
  return out;
}

// One batch with the mark {replica 5, `applied`, term 4}: records of `bytes` random bytes each, of several tables.
inline void fill_shard(Database& database, size_t records, size_t bytes, Index applied = 100, uint64_t seed = 1,
                       const std::string& members = "members") {
  SeededRandom random(seed);
  std::vector<std::pair<std::string, std::optional<std::string>>> writes;
  for (size_t i = 0; i < records; ++i) {
    std::string value(bytes, '\0');
    for (char& c : value) c = static_cast<char>(random.u64());
    writes.emplace_back(snapshot_key(i, static_cast<Table>(1 + i * 3 / records)), std::move(value));
  }
  const ShardMark mark{5, applied, 4, members};
  STOA_CHECK(database.write(batch_of(kSnapshotGroup.shard, mark, writes)).ok(), "the database works");
}

inline SnapshotReader measured(Database& database) {
  SnapshotReader out(kSnapshotGroup, database.view(kSnapshotGroup.shard).value());
  while (!out.measure(1 << 20)) continue;
  return out;
}

// Stages all of it; the error of the disk, if it has one.
inline Result<void> stage(const SnapshotReader& from, Disk& disk, ReplicaId replica) {
  auto staging = SnapshotStaging::begin(disk, replica, from.manifest());
  if (!staging) return staging.error();
  for (uint64_t i = 0; i < from.manifest().chunks; ++i) {
    const std::string payload = from.chunk(i);
    auto added = (*staging)->add(i, snapshot_chunk_checksum(i, payload), payload);
    if (!added) return added.error();
    STOA_CHECK(*added == SnapshotStaging::Fate::kTaken, "a sound chunk in its turn is taken");
  }
  for (;;) {
    auto checked = (*staging)->check(7);
    if (!checked) return checked.error();
    STOA_CHECK(*checked != SnapshotStaging::Verdict::kDamaged, "what was staged is sound");
    if (*checked == SnapshotStaging::Verdict::kSealed) return {};
  }
}

// All records of the shard, folded into one string.
inline std::string shard_content(const View& view) {
  std::string out;
  view.scan(table_prefix(kSnapshotGroup.shard, 1), after_prefix(shard_prefix(kSnapshotGroup.shard)), false,
            [&](std::string_view key, std::string_view value) {
              out.append(key).append("=").append(value).append(";");
              return true;
            });
  return out;
}

}  // namespace stoa
