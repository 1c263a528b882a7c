// A record as JSON, written straight into a string: every field in the order of its list, null if absent.
#pragma once

#include <charconv>
#include <string>
#include <string_view>

#include "base/record_types.hpp"

namespace stoa {

// Appends `text` as a JSON string with its quotes. REQUIRES valid UTF-8.
void append_json_string(std::string& out, std::string_view text);

namespace record {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  template <class T>
  void operator()(uint32_t number, std::string_view name, const T& x, Internal) {
    (void)number, (void)name, (void)x;
  }

  template <class T, class... Extra>
  void operator()(uint32_t, std::string_view name, const T& x, Extra...) {
    out_ += first_ ? "{\"" : ",\"";
    first_ = false;
    out_ += name;
    out_ += "\":";
    value(x);
  }

  void close() { out_ += first_ ? "{}" : "}"; }

  template <class T>
  void value(const T& x) {
    if constexpr (is_optional<T>::value)
      x ? value(*x) : void(out_ += "null");
    else if constexpr (is_vector<T>::value)
      list(x);
    else if constexpr (std::is_same_v<T, StringMap>)
      map(x);
    else if constexpr (std::is_same_v<T, bool>)
      out_ += x ? "true" : "false";
    else if constexpr (std::is_enum_v<T>)
      append_json_string(out_, name_of(x));
    else if constexpr (std::is_integral_v<T>)
      number(x);
    else if constexpr (std::is_same_v<T, std::string>)
      append_json_string(out_, x);
    else if constexpr (std::is_same_v<T, Time>)
      ((out_ += '"') += to_rfc3339(x)) += '"';
    else if constexpr (std::is_same_v<T, Uuid>)
      ((out_ += '"') += x.hex()) += '"';
    else if constexpr (is_id<T>::value)
      id(x);
    else {
      JsonWriter nested(out_);
      fields(nested, const_cast<T&>(x));
      nested.close();
    }
  }

 private:
  template <class T>
  void number(T x) {
    char digits[24];
    out_.append(digits, std::to_chars(digits, digits + sizeof digits, x).ptr);
  }

  // The nil id stands for "none".
  template <class T>
  void id(const T& x) {
    if (x.is_nil())
      void(out_ += "null");
    else
      (((out_ += '"') += T::prefix()) += x.uuid.hex()) += '"';
  }

  template <class T>
  void list(const T& items) {
    out_ += '[';
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ',';
      first = false;
      value(item);
    }
    out_ += ']';
  }

  void map(const StringMap& pairs) {
    out_ += '{';
    bool first = true;
    for (const auto& [k, v] : pairs) {
      if (!first) out_ += ',';
      first = false;
      append_json_string(out_, k);
      out_ += ':';
      append_json_string(out_, v);
    }
    out_ += '}';
  }

  std::string& out_;
  bool first_ = true;
};

}  // namespace record

template <class R>
void append_json(std::string& out, const R& x) {
  record::JsonWriter writer(out);
  writer.value(x);
}

template <class R>
std::string to_json(const R& x) {
  std::string out;
  out.reserve(512);
  append_json(out, x);
  return out;
}

}  // namespace stoa
