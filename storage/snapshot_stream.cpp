#include "storage/snapshot_stream.hpp"

#include "storage/key.hpp"
#include "storage/varint.hpp"

namespace stoa {

void append_snapshot_record(std::string& out, std::string_view key, std::string_view value) {
  put_sized(out, key);
  put_sized(out, value);
}

SnapshotStreamReader::SnapshotStreamReader(uint16_t shard)
    : first_(table_prefix(shard, 1)), end_(after_prefix(shard_prefix(shard))) {}

Result<void> SnapshotStreamReader::take(std::string_view piece, const Each& each) {
  std::string joined;
  if (!rest_.empty()) piece = (joined = std::move(rest_)).append(piece);
  rest_.clear();
  while (!piece.empty()) {
    VarintReader in(piece);
    const std::string_view key = in.sized(), value = in.sized();
    if (!in.ok()) break;  // the rest of it comes with the next piece
    if (key < first_ || (!end_.empty() && key >= end_)) return Error{"a record of a snapshot is not of its shard"};
    if (key <= last_key_) return Error{"the records of a snapshot are not in order"};
    each(key, value);
    last_key_ = key;
    piece.remove_prefix(piece.size() - in.left());
  }
  if (piece.size() > kMaxSnapshotRecordBytes) return Error{"a record of a snapshot has no end"};
  rest_ = piece;
  return {};
}

}  // namespace stoa
