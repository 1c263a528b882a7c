// The shape of the configuration: which keys there are, and of what type. Values are judged in config_values.hpp.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cluster/config.hpp"

namespace stoa {

struct ConfigShape {
  enum class Kind { kText, kNumber, kFlag, kObject, kList, kTextOrObject };
  Kind kind = Kind::kObject;
  bool required = false;
  std::map<std::string, ConfigShape> keys;  // of an object
  std::vector<ConfigShape> element;         // of a list: one, the shape of all
};

// The shape of a whole file; `services` are the keys that "shards" may have.
ConfigShape config_shape(const std::map<std::string, uint16_t>& services);

// Appends a fault for every unknown key, missing required key and wrong type.
void check_shape(const nlohmann::json& value, const ConfigShape& shape, const std::string& pointer,
                 std::vector<ConfigFault>& faults);

// Overrides single values: STOA_NODES__0__HTTP_PORT=80 sets /nodes/0/http_port. Appends a fault for a variable that
// names nothing and for a value of the wrong type. Variables that are no overrides are passed over.
void apply_environment(const std::map<std::string, std::string>& environment, const ConfigShape& shape,
                       nlohmann::json& file, std::vector<ConfigFault>& faults);

}  // namespace stoa
