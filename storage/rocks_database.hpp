// The state database on disk: one RocksDB, one column family, no log of its own. Its implementation is the only file
// that knows RocksDB.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "storage/database.hpp"

namespace stoa {

struct RocksOptions {
  size_t block_cache_bytes = 32 << 20;
  size_t memtable_bytes = 64 << 20;  // above what the flusher lets come together between two flushes
};

// Creates the directory (its parent must be there) or opens what is in it: the state as of the last flush.
Result<std::unique_ptr<Database>> open_rocks_database(const std::string& path, const RocksOptions& options = {});

}  // namespace stoa
