// Where a node has the cluster's master key from: the file that the configuration names, or one of its own.
#pragma once

#include <string>

#include "actors/catalog/master_key.hpp"
#include "base/result.hpp"
#include "storage/disk.hpp"

namespace stoa {

// `file` as configured; empty: <data>/master.key, made at first use and durable before this returns. An error when it
// is gone from beside what was heard of the catalog.
Result<MasterKey> load_master_key(const std::string& file, Disk& data);

}  // namespace stoa
