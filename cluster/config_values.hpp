// From JSON of the right shape to a Config: defaults, ranges, duplicates, files.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "cluster/config.hpp"

namespace stoa {

// REQUIRES that check_shape found no fault in `file`. Appends a fault for every value that cannot be; the Config is
// worth something only when there was none.
Config config_values(const nlohmann::json& file, const ConfigInput& input, std::vector<ConfigFault>& faults);

}  // namespace stoa
