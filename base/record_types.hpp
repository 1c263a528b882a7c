// What a field list may hold: limits, enum names, kinds of types, and the error that names a field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/time.hpp"

namespace stoa {

// The bound of a field that comes from a client: of an integer's value or a Money's amount, of a string's length in
// code points, of a list's or map's count. Not enforced on what was stored.
struct Within {
  int64_t low;
  int64_t high;
};
constexpr Within within(int64_t low, int64_t high) { return {low, high}; }

// Marks a field that is stored and sent between nodes, but never shown as JSON nor taken from it.
struct Internal {};
inline constexpr Internal kInternal{};

template <class E>
struct EnumName {
  E value;
  std::string_view name;
};
template <class E>
class EnumNames {
 public:
  template <size_t N>
  constexpr EnumNames(const EnumName<E> (&names)[N]) : begin_(names), end_(names + N) {}
  constexpr const EnumName<E>* begin() const { return begin_; }
  constexpr const EnumName<E>* end() const { return end_; }

 private:
  const EnumName<E>* begin_;
  const EnumName<E>* end_;
};

// The name of an enum's value, found by enum_names(E) beside the enum. "?" for a value without a name.
template <class E>
constexpr std::string_view name_of(E value) {
  for (const auto& n : enum_names(E{})) {
    if (n.value == value) return n.name;
  }
  return "?";
}

template <class E>
constexpr std::optional<E> value_named(std::string_view name) {
  for (const auto& n : enum_names(E{})) {
    if (n.name == name) return n.value;
  }
  return std::nullopt;
}

// One fault in a client's document.
struct FieldError {
  std::string pointer;  // JSON pointer (RFC 6901) of the member
  std::string code;  // required, unknown_field, wrong_type, out_of_range, too_short, too_long, invalid_value, duplicate
  std::string detail;
};
template <class V>
void fields(V& v, FieldError& x) {
  v(1, "pointer", x.pointer);
  v(2, "code", x.code);
  v(3, "detail", x.detail);
}

template <class V>
void fields(V& v, Money& x) {
  v(1, "amount", x.amount, within(0, kMaxAmount));
  v(2, "currency", x.currency);
}

namespace record {

struct NullVisitor {
  template <class... A>
  void operator()(A&&...) {}
};

template <class T, class = void>
struct is_record : std::false_type {};
template <class T>
struct is_record<T, std::void_t<decltype(fields(std::declval<NullVisitor&>(), std::declval<T&>()))>> : std::true_type {
};

template <class T>
struct is_id : std::false_type {};
template <class K>
struct is_id<Id<K>> : std::true_type {};

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

using StringMap = std::map<std::string, std::string>;

}  // namespace record
}  // namespace stoa
