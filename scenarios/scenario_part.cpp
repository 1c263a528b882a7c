#include "scenarios/scenario_part.hpp"

#include <algorithm>

#include "scenarios/quantity.hpp"

namespace stoa::scenarios {

void ScenarioPart::refuse(const std::string& why) const {
  if (ok()) fault_ = path_ + ": " + why;
}

ScenarioPart ScenarioPart::key(std::string_view name) const {
  const std::string path = path_.empty() ? std::string(name) : path_ + "." + std::string(name);
  const auto found = value_.is_object() ? value_.find(std::string(name)) : value_.end();
  return {found == value_.end() ? nlohmann::json() : *found, path, fault_};
}

ScenarioPart ScenarioPart::item(size_t at) const {
  return {value_.at(at), path_ + "[" + std::to_string(at + 1) + "]", fault_};
}

std::vector<std::string> ScenarioPart::names() const {
  std::vector<std::string> found;
  if (value_.is_object()) {
    for (const auto& [name, value] : value_.items()) found.push_back(name);
  }
  return found;
}

void ScenarioPart::must_be_list() const {
  // Lua's {} is both: an empty list is written as an empty object.
  if (!value_.is_array() && !(value_.is_object() && value_.empty())) refuse("must be a list");
}

void ScenarioPart::must_be_table() const {
  if (!value_.is_object()) refuse("must be a table with names");
}

void ScenarioPart::only(std::initializer_list<std::string_view> known) const {
  must_be_table();
  for (const std::string& name : names()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) key(name).refuse("no such key");
  }
}

std::string ScenarioPart::text() const {
  if (!value_.is_string() || value_.get_ref<const std::string&>().empty()) {
    refuse("must be a text that is not empty");
    return {};
  }
  return value_.get<std::string>();
}

uint64_t ScenarioPart::whole(uint64_t low, uint64_t high) const {
  const bool whole = value_.is_number_unsigned() || (value_.is_number_integer() && value_.get<int64_t>() >= 0);
  if (!whole || value_.get<uint64_t>() < low || value_.get<uint64_t>() > high) {
    refuse("must be a whole number of " + std::to_string(low) + " to " + std::to_string(high));
    return low;
  }
  return value_.get<uint64_t>();
}

double ScenarioPart::number(double low, double high) const {
  if (!value_.is_number() || value_.get<double>() < low || value_.get<double>() > high) {
    refuse("must be a number of " + show_count(static_cast<uint64_t>(low)) + " to " +
           show_count(static_cast<uint64_t>(high)));
    return low;
  }
  return value_.get<double>();
}

int64_t ScenarioPart::duration_ns() const {
  const auto ns = value_.is_string() ? parse_duration_ns(value_.get<std::string>()) : std::nullopt;
  if (!ns || *ns == 0) {
    refuse("must be a duration such as \"500ms\", \"10s\" or \"2m\"");
    return 1;
  }
  return *ns;
}

}  // namespace stoa::scenarios
