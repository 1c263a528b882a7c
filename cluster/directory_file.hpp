// A directory on a node's disk: the plan that its cluster was formed by. Replaced whole: a crash leaves the old one or
// the new one.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "cluster/directory.hpp"
#include "storage/disk.hpp"

namespace stoa {

inline constexpr const char* kFormationFile = "formation";  // written once

// Durable when this returns.
Result<void> write_directory(Disk& data, const std::string& name, const Directory& directory);
// nullopt: there is none. An error when it is damaged.
Result<std::optional<Directory>> read_directory(Disk& data, const std::string& name);

}  // namespace stoa
