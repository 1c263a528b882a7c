// One layer of a shard's state over its database: what was committed since the layer below was handed over.
#pragma once

#include <cstddef>
#include <cstdint>

#include "storage/database.hpp"
#include "storage/write_set.hpp"

namespace stoa {

struct StateLayer {
  WriteSet set;
  ShardMark mark;              // as of the last entry in it
  int64_t first_write_ns = 0;  // monotonic; 0 = nothing was applied to it
};

}  // namespace stoa
