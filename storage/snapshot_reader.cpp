#include "storage/snapshot_reader.hpp"

#include <utility>

#include "base/check.hpp"
#include "base/crc32c.hpp"
#include "storage/key.hpp"
#include "storage/snapshot_stream.hpp"

namespace stoa {

SnapshotReader::SnapshotReader(GroupId group, std::unique_ptr<ShardView> view)
    : view_(std::move(view)), end_(after_prefix(shard_prefix(group.shard))), next_(table_prefix(group.shard, 1)) {
  STOA_CHECK(view_->mark().has_value(), "a snapshot is of a state that has a mark");
  manifest_.group = group.value();
  manifest_.index = view_->mark()->applied;
  manifest_.term = view_->mark()->term;
  manifest_.members = view_->mark()->members;
}

bool SnapshotReader::measure(size_t bytes) {
  std::string record;
  size_t seen = 0;
  bool more = false;
  view_->scan(next_, end_, false, [&](std::string_view key, std::string_view value) {
    if (seen >= bytes) {
      next_ = key;
      more = true;
      return false;
    }
    record.clear();
    append_snapshot_record(record, key, value);
    STOA_CHECK(record.size() <= kMaxSnapshotRecordBytes, "a record fits into a snapshot");
    const uint64_t at = manifest_.bytes;
    for (uint64_t start = starts_.size() * uint64_t{kSnapshotChunkBytes}; start < at + record.size();
         start += kSnapshotChunkBytes) {
      starts_.push_back({std::string(key), static_cast<size_t>(start - at)});
    }
    manifest_.checksum = crc32c(record, manifest_.checksum);
    manifest_.bytes += record.size();
    seen += record.size();
    return true;
  });
  manifest_.chunks = starts_.size();
  return !more;
}

std::string SnapshotReader::chunk(uint64_t number) const {
  STOA_CHECK(number < starts_.size(), "a chunk of the snapshot");
  const Start& start = starts_[number];
  const size_t wanted = start.skip + manifest_.chunk_bytes(number);
  std::string out;
  view_->scan(start.key, end_, false, [&](std::string_view key, std::string_view value) {
    append_snapshot_record(out, key, value);
    return out.size() < wanted;
  });
  STOA_CHECK(out.size() >= wanted, "a view does not change");
  out.resize(wanted);
  out.erase(0, start.skip);
  return out;
}

}  // namespace stoa
