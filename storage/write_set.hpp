// A write set: what a batch of commands changes, in key order. The payload of a journal entry and a layer of the
// overlay. The last write of a key wins; a deleted key is a tombstone.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace stoa {

struct WriteSet {
  // Keys as the database has them: shard (2 bytes) | table (1) | key. nullopt: the key is deleted.
  std::map<std::string, std::optional<std::string>, std::less<>> writes;

  bool empty() const { return writes.empty(); }
};

// Compact and versioned: keys share what they have in common with the one before. Equal sets give equal bytes.
std::string encode_write_set(const WriteSet& set);
// An error when the bytes are damaged or of an unknown version.
Result<WriteSet> decode_write_set(std::string_view bytes);

}  // namespace stoa
