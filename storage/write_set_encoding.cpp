// Version 1: version (1 byte) | count | records. A record: bytes shared with the key before | the rest of the key,
// sized | 0 for a delete, or 1 + the value's size and the value. Numbers are varints.
#include "storage/write_set_encoding.hpp"

#include <algorithm>

#include "storage/varint.hpp"

namespace stoa {
namespace {

constexpr char kVersion = 1;
constexpr size_t kVarintBytes = 5;  // of a number below 2^35

size_t shared_bytes(std::string_view a, std::string_view b) {
  const size_t most = std::min(a.size(), b.size());
  size_t shared = 0;
  while (shared < most && a[shared] == b[shared]) ++shared;
  return shared;
}

}  // namespace

size_t encoded_bytes(const WriteSet& set) {
  size_t bytes = 1 + kVarintBytes;
  for (const auto& [key, value] : set) bytes += key.size() + (value ? value->size() : 0) + 3 * kVarintBytes;
  return bytes;
}

std::string encode_write_set(const WriteSet& set) {
  std::string out;
  out.reserve(encoded_bytes(set));
  encode_write_set(set, out);
  return out;
}

void encode_write_set(const WriteSet& set, std::string& out) {
  out.push_back(kVersion);
  put_varint(out, set.size());
  std::string_view before;
  for (const auto& [key, value] : set) {
    const size_t shared = shared_bytes(before, key);
    put_varint(out, shared);
    put_sized(out, key.substr(shared));
    put_varint(out, value ? value->size() + 1 : 0);
    if (value) out += *value;
    before = key;
  }
}

Result<WriteSet> decode_write_set(std::string_view bytes) {
  if (bytes.empty()) return Error{"a write set is empty"};
  if (bytes.front() != kVersion) {
    return Error{"a write set has version " + std::to_string(static_cast<unsigned char>(bytes.front())) +
                 ", this program knows 1"};
  }
  VarintReader in(bytes.substr(1));
  WriteSet out;
  std::string key;
  for (uint64_t count = in.varint(); count > 0; --count) {
    const uint64_t shared = in.varint();
    const std::string_view suffix = in.sized();
    const uint64_t presence = in.varint();
    const std::string_view value = in.bytes(presence == 0 ? 0 : presence - 1);
    if (!in.ok() || shared > key.size()) return Error{"a write set is damaged"};
    if (!out.empty() && suffix <= std::string_view(key).substr(shared)) return Error{"a write set's keys do not rise"};
    key.replace(shared, std::string::npos, suffix);
    out.append(key, presence == 0 ? std::nullopt : std::optional(value));
  }
  if (!in.ok() || in.left() != 0) return Error{"a write set is damaged"};
  return out;
}

}  // namespace stoa
