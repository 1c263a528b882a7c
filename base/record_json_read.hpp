// A client's JSON into a record, strictly: unknown members, wrong types and values out of bounds are each named by
// pointer. optional<> fields and maps (then empty) may be absent or null; all others must be there.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/record_types.hpp"

namespace stoa {
namespace record {

// One object of the document and what was found wrong with it so far. Not a template: keeps nlohmann out of headers.
class JsonObject {
 public:
  JsonObject(const nlohmann::json& value, std::string pointer, std::vector<FieldError>& errors);

  // The member, or nullptr when absent or null. Marks the name as known.
  const nlohmann::json* member(std::string_view name);
  // Names every member that was not asked for.
  void refuse_unknown();
  std::string pointer_to(std::string_view name) const;
  std::vector<FieldError>& errors() { return errors_; }

 private:
  const nlohmann::json& value_;
  std::string pointer_;
  std::vector<FieldError>& errors_;
  std::vector<std::string_view> known_;
  bool is_object_;
};

using Errors = std::vector<FieldError>;

// Each reads one scalar or names the fault at `pointer`; false when it did not fit.
bool read_scalar(const nlohmann::json& in, bool& x, const std::string& pointer, Errors& errors);
bool read_scalar(const nlohmann::json& in, std::string& x, const std::string& pointer, Errors& errors);
bool read_integer(const nlohmann::json& in, int64_t& x, const std::string& pointer, Errors& errors);
bool read_text(const nlohmann::json& in, std::string_view& x, const std::string& pointer, Errors& errors);
bool read_map(const nlohmann::json& in, StringMap& x, const std::string& pointer, Errors& errors);
bool is_array(const nlohmann::json& in, const std::string& pointer, Errors& errors);
size_t size_of(const nlohmann::json& array);
const nlohmann::json& item_at(const nlohmann::json& array, size_t i);
void check_value(int64_t value, Within bound, const std::string& pointer, Errors& errors);
void check_length(std::string_view text, Within bound, const std::string& pointer, Errors& errors);
void check_count(size_t count, Within bound, const std::string& pointer, Errors& errors);
void invalid(const std::string& pointer, std::string detail, Errors& errors);
void missing(const std::string& pointer, Errors& errors);

// No bound was given: any value of the type.
struct Unbounded {};

class JsonReader {
 public:
  explicit JsonReader(JsonObject& object) : object_(object) {}

  template <class T>
  void operator()(uint32_t number, std::string_view name, T& x, Internal) {
    (void)number, (void)name, (void)x;
  }
  template <class T>
  void operator()(uint32_t, std::string_view name, T& x) {
    member(name, x, Unbounded{});
  }
  template <class T>
  void operator()(uint32_t, std::string_view name, T& x, Within bound) {
    member(name, x, bound);
  }

  template <class T, class B>
  static void value(const nlohmann::json& in, T& x, B bound, const std::string& pointer, Errors& errors) {
    if constexpr (is_vector<T>::value)
      list(in, x, bound, pointer, errors);
    else if constexpr (is_optional<T>::value)
      value(in, x.emplace(), bound, pointer, errors);
    else if constexpr (std::is_same_v<T, StringMap>) {
      if (read_map(in, x, pointer, errors)) count(x.size(), bound, pointer, errors);
    } else if constexpr (std::is_same_v<T, bool>)
      read_scalar(in, x, pointer, errors);
    else if constexpr (std::is_same_v<T, std::string>) {
      if constexpr (std::is_same_v<B, Within>) {
        if (read_scalar(in, x, pointer, errors)) check_length(x, bound, pointer, errors);
      } else
        read_scalar(in, x, pointer, errors);
    } else if constexpr (std::is_integral_v<T>)
      integer(in, x, bound, pointer, errors);
    else if constexpr (std::is_enum_v<T>)
      text(
          in, x, [](auto t) { return value_named<T>(t); }, "is not one of the known names", pointer, errors);
    else if constexpr (std::is_same_v<T, Time>)
      text(in, x, parse_rfc3339, "is not an RFC 3339 time", pointer, errors);
    else if constexpr (is_id<T>::value)
      text(in, x, T::parse, "is not an id of this kind", pointer, errors);
    else if constexpr (std::is_same_v<T, Uuid>)
      text(in, x, Uuid::from_hex, "is not 32 hex digits", pointer, errors);
    else {
      JsonObject object(in, pointer, errors);
      JsonReader reader(object);
      fields(reader, x);
      object.refuse_unknown();
      if constexpr (std::is_same_v<T, Money>) {
        if (!x.currency.empty() && !is_currency(x.currency))
          invalid(pointer + "/currency", "is not an ISO 4217 currency", errors);
      }
    }
  }

 private:
  template <class T, class B>
  void member(std::string_view name, T& x, B bound) {
    const nlohmann::json* in = object_.member(name);
    if (in)
      value(*in, x, bound, object_.pointer_to(name), object_.errors());
    else if constexpr (!is_optional<T>::value && !std::is_same_v<T, StringMap>)
      missing(object_.pointer_to(name), object_.errors());
  }

  template <class T, class B>
  static void integer(const nlohmann::json& in, T& x, B bound, const std::string& pointer, Errors& errors) {
    int64_t wide = 0;
    if (!read_integer(in, wide, pointer, errors)) return;
    if constexpr (std::is_same_v<B, Within>) check_value(wide, bound, pointer, errors);
    x = static_cast<T>(wide);
    if (static_cast<int64_t>(x) != wide || (std::is_unsigned_v<T> && wide < 0)) {
      check_value(wide, within(0, 0), pointer, errors);
    }
  }

  template <class T, class Parse>
  static void text(const nlohmann::json& in, T& x, Parse parse, const char* fault, const std::string& pointer,
                   Errors& errors) {
    std::string_view raw;
    if (!read_text(in, raw, pointer, errors)) return;
    if (auto parsed = parse(raw))
      x = *parsed;
    else
      invalid(pointer, fault, errors);
  }

  template <class B>
  static void count(size_t n, B bound, const std::string& pointer, Errors& errors) {
    if constexpr (std::is_same_v<B, Within>) check_count(n, bound, pointer, errors);
  }

  template <class T, class B>
  static void list(const nlohmann::json& in, T& x, B bound, const std::string& pointer, Errors& errors) {
    if (!is_array(in, pointer, errors)) return;
    const size_t n = size_of(in);
    count(n, bound, pointer, errors);
    if constexpr (std::is_same_v<B, Within>) {
      if (n > static_cast<size_t>(bound.high)) return;  // no need to name a million faults
    }
    for (size_t i = 0; i < n; ++i)
      value(item_at(in, i), x.emplace_back(), Unbounded{}, pointer + "/" + std::to_string(i), errors);
  }

  JsonObject& object_;
};

}  // namespace record

// Reads a record from a parsed document. Faults are added to `errors`; the record is whole only if there are none.
template <class R>
R from_json(const nlohmann::json& in, std::vector<FieldError>& errors) {
  R x{};
  record::JsonReader::value(in, x, record::Unbounded{}, "", errors);
  return x;
}

}  // namespace stoa
