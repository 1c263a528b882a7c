// Keys: shard (2 bytes) | table (1 byte) | key, so that a shard is one contiguous range. Every part is encoded so that
// the order of bytes is the order of values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "base/id.hpp"
#include "base/time.hpp"

namespace stoa {

using Table = uint8_t;  // a service's own tables are 1..199, those of the runtime 200..255; 0 is the database's

inline void append_key(std::string& out, std::string_view last) { out += last; }
inline void append_key(std::string& out, const std::string& last) { out += last; }
inline void append_key(std::string& out, uint64_t v) {
  char bytes[sizeof v];
  for (size_t i = 0; i < sizeof v; ++i) bytes[i] = static_cast<char>(v >> (56 - 8 * i));
  out.append(bytes, sizeof bytes);
}
inline void append_key(std::string& out, Time t) { append_key(out, static_cast<uint64_t>(t.ms) ^ (1ULL << 63)); }
inline void append_key(std::string& out, const Uuid& u) {
  append_key(out, u.high);
  append_key(out, u.low);
}
template <class K>
void append_key(std::string& out, const Id<K>& id) {
  append_key(out, id.uuid);
}
// Parts of a composite key; a string may stand only last.
template <class... P>
void append_key(std::string& out, const std::tuple<P...>& parts) {
  std::apply([&](const auto&... p) { (append_key(out, p), ...); }, parts);
}

inline std::string shard_prefix(uint16_t shard) { return {static_cast<char>(shard >> 8), static_cast<char>(shard)}; }

inline std::string table_prefix(uint16_t shard, Table table) {
  return {static_cast<char>(shard >> 8), static_cast<char>(shard), static_cast<char>(table)};
}

// The first key after all keys that begin with `prefix`; empty when there is none.
inline std::string after_prefix(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xff) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

}  // namespace stoa
