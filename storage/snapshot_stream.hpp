// The bytes of a snapshot: a shard's records in key order, each as its key and its value, either preceded by its length
// as a varint. Nothing marks where a record begins: a chunk may end anywhere.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace stoa {

// A record longer than this is no record.
constexpr size_t kMaxSnapshotRecordBytes = 16 << 20;

void append_snapshot_record(std::string& out, std::string_view key, std::string_view value);

// Takes the stream piece by piece and gives the records. Holds at most one of them. Any bytes are safe: what is no
// record of the shard, or not above the one before, is an error.
class SnapshotStreamReader {
 public:
  explicit SnapshotStreamReader(uint16_t shard);

  // The views are good during the call.
  using Each = std::function<void(std::string_view key, std::string_view value)>;
  Result<void> take(std::string_view piece, const Each& each);
  // Nothing of a record is left over.
  bool at_end() const { return rest_.empty(); }

 private:
  const std::string first_, end_;  // of the shard's records
  std::string rest_;               // the beginning of a record
  std::string last_key_;
};

}  // namespace stoa
