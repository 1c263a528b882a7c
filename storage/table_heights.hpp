// The highest key that each table of a shard may hold below the dirty layer. What lies above it is known to be absent
// without a look into the database: most new records, since ids and sequence numbers rise. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/database.hpp"
#include "storage/write_set.hpp"

namespace stoa {

class TableHeights {
 public:
  explicit TableHeights(const Database& database) : database_(database) {}

  // True when no key >= `key` of its table was ever below.
  bool above(std::string_view key);
  // The layer's keys come to lie below.
  void raise(const WriteSet& layer);
  // What lies below was replaced.
  void forget() { heights_ = {}; }

 private:
  std::string& height_of(std::string_view key);

  const Database& database_;
  std::array<std::optional<std::string>, 256> heights_;  // unset: not asked yet; empty: nothing is there
};

}  // namespace stoa
