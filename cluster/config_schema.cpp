#include "cluster/config_schema.hpp"

namespace stoa {
namespace {

using Kind = ConfigShape::Kind;
using nlohmann::json;

ConfigShape leaf(Kind kind, bool required = false) { return {kind, required, {}, {}}; }

ConfigShape object(std::map<std::string, ConfigShape> keys) { return {Kind::kObject, false, std::move(keys), {}}; }

ConfigShape list(ConfigShape element) { return {Kind::kList, false, {}, {std::move(element)}}; }

ConfigShape node_shape() {
  return object({{"name", leaf(Kind::kText, true)},
                 {"host", leaf(Kind::kText, true)},
                 {"cluster_port", leaf(Kind::kNumber, true)},
                 {"http_port", leaf(Kind::kNumber, true)},
                 {"admin_port", leaf(Kind::kNumber, true)},
                 {"data", leaf(Kind::kText, true)},
                 {"admin_host", leaf(Kind::kText)},
                 {"services", list(leaf(Kind::kText))},
                 {"gateway", leaf(Kind::kFlag)}});
}

bool is_of_kind(const json& value, Kind kind) {
  switch (kind) {
    case Kind::kText:
      return value.is_string();
    case Kind::kNumber:
      return value.is_number_integer();
    case Kind::kFlag:
      return value.is_boolean();
    case Kind::kObject:
      return value.is_object();
    case Kind::kList:
      return value.is_array();
    case Kind::kTextOrObject:
      return value.is_string() || value.is_object();
  }
  return false;
}

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::kText:
      return "a string";
    case Kind::kNumber:
      return "a whole number";
    case Kind::kFlag:
      return "true or false";
    case Kind::kObject:
      return "an object";
    case Kind::kList:
      return "a list";
    case Kind::kTextOrObject:
      return "\"off\" or an object";
  }
  return "";
}

// RFC 6901: a key as a part of a pointer.
std::string escaped(const std::string& key) {
  std::string out;
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

ConfigShape config_shape(const std::map<std::string, uint16_t>& services) {
  ConfigShape shards = object({});
  for (const auto& [name, unused] : services) shards.keys.emplace(name, leaf(Kind::kNumber));
  ConfigShape nodes = list(node_shape());
  nodes.required = true;
  ConfigShape rate = object({{"address", leaf(Kind::kText)}, {"user", leaf(Kind::kText)}});
  rate.kind = Kind::kTextOrObject;
  return object(
      {{"cluster", leaf(Kind::kText, true)},
       {"replication", leaf(Kind::kNumber)},
       {"shards", std::move(shards)},
       {"tls",
        object({{"ca", leaf(Kind::kText, true)}, {"cert", leaf(Kind::kText, true)}, {"key", leaf(Kind::kText, true)}})},
       {"http_tls", object({{"cert", leaf(Kind::kText, true)}, {"key", leaf(Kind::kText, true)}})},
       {"secrets", object({{"master_key_file", leaf(Kind::kText)}})},
       {"nodes", std::move(nodes)},
       {"limits", object({{"max_in_flight", leaf(Kind::kNumber)}, {"rate", std::move(rate)}})},
       {"log", object({{"level", leaf(Kind::kText)}, {"format", leaf(Kind::kText)}})}});
}

void check_shape(const json& value, const ConfigShape& shape, const std::string& pointer,
                 std::vector<ConfigFault>& faults) {
  if (!is_of_kind(value, shape.kind)) {
    faults.push_back({pointer, std::string("must be ") + name_of(shape.kind)});
    return;
  }
  if (value.is_array()) {
    for (size_t i = 0; i < value.size(); ++i) {
      check_shape(value[i], shape.element[0], pointer + "/" + std::to_string(i), faults);
    }
  }
  if (!value.is_object()) return;
  for (const auto& [key, inner] : value.items()) {
    const std::string there = pointer + "/" + escaped(key);
    const auto known = shape.keys.find(key);
    if (known == shape.keys.end()) {
      faults.push_back({there, "unknown key"});
    } else {
      check_shape(inner, known->second, there, faults);
    }
  }
  for (const auto& [key, inner] : shape.keys) {
    if (inner.required && !value.contains(key)) faults.push_back({pointer + "/" + key, "is required"});
  }
}

}  // namespace stoa
