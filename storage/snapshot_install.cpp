#include "storage/snapshot_install.hpp"

#include <utility>

namespace stoa {

SnapshotInstall::SnapshotInstall(Database& database, StagedSnapshot staged)
    : database_(database),
      staged_(std::move(staged)),
      shard_(GroupId::from_value(staged_.manifest().group).shard),
      mark_{staged_.replica(), staged_.manifest().index, staged_.manifest().term, staged_.manifest().members},
      records_(shard_) {}

Result<bool> SnapshotInstall::step() {
  if (!std::exchange(begun_, true)) {
    if (auto begun = database_.begin_install(shard_, staged_.name()); !begun) return begun.error();
  }
  if (next_ < staged_.manifest().chunks) {
    if (auto added = add_chunk(); !added) return added.error();
    return false;
  }
  if (auto ended = database_.end_install(shard_, mark_); !ended) return ended.error();
  if (auto flushed = database_.flush(); !flushed) return flushed.error();
  return true;
}

Result<void> SnapshotInstall::add_chunk() {
  const auto payload = staged_.chunk(next_++);
  if (!payload) return payload.error();
  std::vector<std::pair<std::string, std::string>> records;
  auto taken = records_.take(*payload, [&](std::string_view key, std::string_view value) {
    records.emplace_back(key, value);  // the views may point into what the reader joins together
  });
  if (!taken) return taken;
  std::vector<StateWrite> writes;
  writes.reserve(records.size());
  for (const auto& [key, value] : records) writes.push_back({key, value});
  return writes.empty() ? Result<void>{} : database_.add_installed(shard_, writes);
}

}  // namespace stoa
