#include <cctype>
#include <charconv>

#include "cluster/config_schema.hpp"

extern char** environ;

namespace stoa {
namespace {

using Kind = ConfigShape::Kind;
using nlohmann::json;

constexpr const char* kPrefix = "STOA_";
// Read by the node itself when it makes a cluster's first administrator, and by the tools that ask its admin port.
constexpr const char* kNotOverrides[] = {"STOA_ADMIN_EMAIL", "STOA_ADMIN_PASSWORD_FILE", "STOA_ADMIN_TOKEN_FILE"};

bool is_override(const std::string& name) {
  for (const char* other : kNotOverrides) {
    if (name == other) return false;
  }
  return true;
}

// STOA_NODES__0__HTTP_PORT -> nodes, 0, http_port
std::vector<std::string> levels_of(const std::string& name) {
  std::vector<std::string> levels(1);
  const std::string path = name.substr(std::string(kPrefix).size());
  for (size_t i = 0; i < path.size(); ++i) {
    if (path.compare(i, 2, "__") == 0) {
      levels.emplace_back();
      ++i;
    } else {
      levels.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(path[i])));
    }
  }
  return levels;
}

std::optional<int64_t> whole_number(const std::string& text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The value as its shape wants it; what does not fit stays text, which check_shape then refuses with its pointer.
json typed(const std::string& text, Kind kind) {
  if (kind == Kind::kNumber) {
    if (const auto number = whole_number(text)) return *number;
  }
  if (kind == Kind::kFlag && (text == "true" || text == "false")) return text == "true";
  return text;
}

// The value that the levels name, made where it and its objects are missing; nullptr when they name none.
json* find(const std::vector<std::string>& levels, const ConfigShape*& shape, json& file) {
  json* here = &file;
  for (const std::string& level : levels) {
    if (shape->kind == Kind::kList) {
      const auto index = whole_number(level);
      if (!index || !here->is_array() || *index < 0 || *index >= static_cast<int64_t>(here->size())) return nullptr;
      here = &(*here)[static_cast<size_t>(*index)];
      shape = &shape->element[0];
      continue;
    }
    const auto known = shape->keys.find(level);
    if (known == shape->keys.end()) return nullptr;
    if (here->is_null() || (shape->kind == Kind::kTextOrObject && here->is_string())) *here = json::object();
    if (!here->is_object()) return nullptr;
    here = &(*here)[level];
    shape = &known->second;
  }
  return shape->kind == Kind::kObject || shape->kind == Kind::kList ? nullptr : here;
}

}  // namespace

void apply_environment(const std::map<std::string, std::string>& environment, const ConfigShape& shape, json& file,
                       std::vector<ConfigFault>& faults) {
  for (const auto& [name, value] : environment) {
    if (name.rfind(kPrefix, 0) != 0 || !is_override(name)) continue;
    const ConfigShape* found = &shape;
    json changed = file;
    json* there = find(levels_of(name), found, changed);
    if (there == nullptr) {
      faults.push_back({name, "this variable names no value of the configuration; unset it or mend its name"});
      continue;
    }
    *there = typed(value, found->kind);
    file = std::move(changed);
  }
}

std::map<std::string, std::string> stoa_environment() {
  std::map<std::string, std::string> found;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string line = *entry;
    const size_t equals = line.find('=');
    if (line.rfind(kPrefix, 0) == 0 && equals != std::string::npos) {
      found.emplace(line.substr(0, equals), line.substr(equals + 1));
    }
  }
  return found;
}

}  // namespace stoa
