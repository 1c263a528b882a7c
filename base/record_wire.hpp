// A record's durable and wire form: protobuf's wire format through protozero. Fields are written in rising order;
// zero values are left out; unknown fields are skipped and missing ones keep their default.
#pragma once

#include <optional>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "base/record_types.hpp"

namespace stoa {
namespace record {

class WireWriter {
 public:
  explicit WireWriter(protozero::pbf_writer& out) : out_(out) {}

  template <class T, class... Extra>
  void operator()(uint32_t number, std::string_view, const T& x, Extra...) {
    if constexpr (is_optional<T>::value) {
      if (x) put(number, *x);
    } else if constexpr (is_vector<T>::value) {
      for (const auto& item : x) put(number, item);
    } else if constexpr (std::is_same_v<T, StringMap>) {
      for (const auto& [k, v] : x) put_pair(number, k, v);
    } else if (!is_zero(x)) {
      put(number, x);
    }
  }

 private:
  template <class T>
  static bool is_zero(const T& x) {
    if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>)
      return x == T{};
    else if constexpr (std::is_same_v<T, std::string>)
      return x.empty();
    else if constexpr (std::is_same_v<T, Time>)
      return x.ms == 0;
    else if constexpr (is_id<T>::value || std::is_same_v<T, Uuid>)
      return x.is_nil();
    else
      return false;
  }

  template <class T>
  void put(uint32_t number, const T& x) {
    if constexpr (std::is_same_v<T, bool>)
      out_.add_bool(number, x);
    else if constexpr (std::is_enum_v<T>)
      out_.add_uint64(number, static_cast<uint64_t>(x));
    else if constexpr (std::is_signed_v<T> && std::is_integral_v<T>)
      out_.add_sint64(number, x);
    else if constexpr (std::is_integral_v<T>)
      out_.add_uint64(number, x);
    else if constexpr (std::is_same_v<T, std::string>)
      out_.add_bytes(number, x);
    else if constexpr (std::is_same_v<T, Time>)
      out_.add_sint64(number, x.ms);
    else if constexpr (std::is_same_v<T, Uuid>)
      put_uuid(number, x);
    else if constexpr (is_id<T>::value)
      put_uuid(number, x.uuid);
    else {
      static_assert(is_record<T>::value, "a field's type is a scalar or has a field list");
      protozero::pbf_writer nested(out_, number);
      WireWriter writer(nested);
      fields(writer, const_cast<T&>(x));
    }
  }

  void put_uuid(uint32_t number, const Uuid& u) {
    char bytes[16];
    for (int i = 0; i < 8; ++i) {
      bytes[i] = static_cast<char>(u.high >> (56 - 8 * i));
      bytes[8 + i] = static_cast<char>(u.low >> (56 - 8 * i));
    }
    out_.add_bytes(number, bytes, sizeof bytes);
  }

  void put_pair(uint32_t number, const std::string& k, const std::string& v) {
    protozero::pbf_writer pair(out_, number);
    pair.add_bytes(1, k);
    pair.add_bytes(2, v);
  }

  protozero::pbf_writer& out_;
};

// Reads fields in rising order in one pass; what the list does not name is skipped.
// Throws protozero::exception on malformed bytes; decode() turns that into nullopt.
class WireReader {
 public:
  explicit WireReader(protozero::data_view bytes) : in_(bytes) { has_ = in_.next(); }

  template <class T, class... Extra>
  void operator()(uint32_t number, std::string_view, T& x, Extra...) {
    while (at(number)) {
      if constexpr (is_optional<T>::value)
        get(x.emplace());
      else if constexpr (is_vector<T>::value)
        get(x.emplace_back());
      else if constexpr (std::is_same_v<T, StringMap>)
        get_pair(x);
      else
        get(x);
      has_ = in_.next();
    }
  }

 private:
  bool at(uint32_t number) {
    while (has_ && in_.tag() < number) {
      in_.skip();
      has_ = in_.next();
    }
    return has_ && in_.tag() == number;
  }

  void require(protozero::pbf_wire_type type) const {
    if (in_.wire_type() != type) throw protozero::unknown_pbf_wire_type_exception();
  }

  template <class T>
  void get(T& x) {
    using protozero::pbf_wire_type;
    if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, Time>) {
      require(pbf_wire_type::varint);
      if constexpr (std::is_same_v<T, bool>)
        x = in_.get_bool();
      else if constexpr (std::is_same_v<T, Time>)
        x.ms = in_.get_sint64();
      else if constexpr (std::is_enum_v<T>)
        x = static_cast<T>(in_.get_uint64());
      else if constexpr (std::is_signed_v<T>)
        x = static_cast<T>(in_.get_sint64());
      else
        x = static_cast<T>(in_.get_uint64());
    } else {
      require(pbf_wire_type::length_delimited);
      const protozero::data_view view = in_.get_view();
      if constexpr (std::is_same_v<T, std::string>)
        x.assign(view.data(), view.size());
      else if constexpr (std::is_same_v<T, Uuid>)
        x = uuid(view);
      else if constexpr (is_id<T>::value)
        x.uuid = uuid(view);
      else {
        WireReader nested(view);
        fields(nested, x);
      }
    }
  }

  static Uuid uuid(protozero::data_view view) {
    const auto u = Uuid::from_bytes({view.data(), view.size()});
    if (!u) throw protozero::invalid_length_exception();
    return *u;
  }

  void get_pair(StringMap& map) {
    require(protozero::pbf_wire_type::length_delimited);
    protozero::pbf_reader pair = in_.get_message();
    std::string k, v;
    while (pair.next()) {
      if (pair.tag() == 1)
        k = pair.get_bytes();
      else if (pair.tag() == 2)
        v = pair.get_bytes();
      else
        pair.skip();
    }
    map.emplace(std::move(k), std::move(v));
  }

  protozero::pbf_reader in_;
  bool has_ = false;
};

}  // namespace record

// Appends the encoding of a record to `out`.
template <class R>
void encode_to(std::string& out, const R& x) {
  protozero::pbf_writer writer(out);
  record::WireWriter visitor(writer);
  fields(visitor, const_cast<R&>(x));
}

template <class R>
std::string encode(const R& x) {
  // Grown once for all records, so that each costs one allocation of its size. Fields encode no records by themselves.
  thread_local std::string scratch;
  scratch.clear();
  encode_to(scratch, x);
  return scratch;
}

// nullopt when the bytes are not a record's encoding.
template <class R>
std::optional<R> decode(std::string_view bytes) {
  try {
    R x{};
    record::WireReader reader(protozero::data_view(bytes.data(), bytes.size()));
    fields(reader, x);
    return x;
  } catch (const protozero::exception&) {
    return std::nullopt;
  }
}

// For bytes that this program wrote under a checksum. REQUIRES that they decode.
template <class R>
R decode_stored(std::string_view bytes) {
  auto x = decode<R>(bytes);
  STOA_CHECK(x.has_value(), "a stored record decodes");
  return std::move(*x);
}

}  // namespace stoa
