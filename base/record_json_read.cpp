#include "base/record_json_read.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace stoa::record {
namespace {

void add(Errors& errors, const std::string& pointer, const char* code, std::string detail) {
  errors.push_back({pointer, code, std::move(detail)});
}

std::string bounds(Within bound) {
  return "between " + std::to_string(bound.low) + " and " + std::to_string(bound.high);
}

// RFC 6901: "~" and "/" inside a name.
std::string escaped(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

}  // namespace

JsonObject::JsonObject(const nlohmann::json& value, std::string pointer, std::vector<FieldError>& errors)
    : value_(value), pointer_(std::move(pointer)), errors_(errors), is_object_(value.is_object()) {
  if (!is_object_) add(errors_, pointer_, "wrong_type", "must be an object");
}

const nlohmann::json* JsonObject::member(std::string_view name) {
  known_.push_back(name);
  if (!is_object_) return nullptr;
  const auto found = value_.find(std::string(name));
  return found == value_.end() || found->is_null() ? nullptr : &*found;
}

void JsonObject::refuse_unknown() {
  if (!is_object_) return;
  for (auto it = value_.begin(); it != value_.end(); ++it) {
    if (std::find(known_.begin(), known_.end(), it.key()) == known_.end()) {
      add(errors_, pointer_to(it.key()), "unknown_field", "is not a field of this object");
    }
  }
}

std::string JsonObject::pointer_to(std::string_view name) const { return pointer_ + "/" + escaped(name); }

bool read_scalar(const nlohmann::json& in, bool& x, const std::string& pointer, Errors& errors) {
  if (!in.is_boolean()) return add(errors, pointer, "wrong_type", "must be true or false"), false;
  x = in.get<bool>();
  return true;
}

bool read_scalar(const nlohmann::json& in, std::string& x, const std::string& pointer, Errors& errors) {
  std::string_view view;
  if (!read_text(in, view, pointer, errors)) return false;
  x = view;
  return true;
}

bool read_text(const nlohmann::json& in, std::string_view& x, const std::string& pointer, Errors& errors) {
  if (!in.is_string()) return add(errors, pointer, "wrong_type", "must be a string"), false;
  x = in.get_ref<const std::string&>();
  return true;
}

bool read_integer(const nlohmann::json& in, int64_t& x, const std::string& pointer, Errors& errors) {
  if (!in.is_number()) return add(errors, pointer, "wrong_type", "must be an integer"), false;
  const bool too_big = in.is_number_unsigned() && in.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX);
  if (!in.is_number_integer() || too_big) {
    return add(errors, pointer, too_big ? "out_of_range" : "wrong_type", "must be an integer of at most 64 bits"),
           false;
  }
  x = in.get<int64_t>();
  return true;
}

bool read_map(const nlohmann::json& in, StringMap& x, const std::string& pointer, Errors& errors) {
  if (!in.is_object()) return add(errors, pointer, "wrong_type", "must be an object of strings"), false;
  const size_t before = errors.size();
  for (auto it = in.begin(); it != in.end(); ++it) {
    read_scalar(it.value(), x[it.key()], pointer + "/" + escaped(it.key()), errors);
  }
  return errors.size() == before;
}

bool is_array(const nlohmann::json& in, const std::string& pointer, Errors& errors) {
  if (!in.is_array()) add(errors, pointer, "wrong_type", "must be an array");
  return in.is_array();
}

size_t size_of(const nlohmann::json& array) { return array.size(); }
const nlohmann::json& item_at(const nlohmann::json& array, size_t i) { return array[i]; }

void check_value(int64_t value, Within bound, const std::string& pointer, Errors& errors) {
  if (value < bound.low || value > bound.high) add(errors, pointer, "out_of_range", "must be " + bounds(bound));
}

void check_length(std::string_view text, Within bound, const std::string& pointer, Errors& errors) {
  const auto points = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
  if (points < bound.low) add(errors, pointer, "too_short", "must have " + bounds(bound) + " characters");
  if (points > bound.high) add(errors, pointer, "too_long", "must have " + bounds(bound) + " characters");
}

void check_count(size_t count, Within bound, const std::string& pointer, Errors& errors) {
  if (static_cast<int64_t>(count) < bound.low)
    add(errors, pointer, "too_short", "must have " + bounds(bound) + " items");
  if (static_cast<int64_t>(count) > bound.high)
    add(errors, pointer, "too_long", "must have " + bounds(bound) + " items");
}

void invalid(const std::string& pointer, std::string detail, Errors& errors) {
  add(errors, pointer, "invalid_value", std::move(detail));
}
void missing(const std::string& pointer, Errors& errors) { add(errors, pointer, "required", "is required"); }

}  // namespace stoa::record
