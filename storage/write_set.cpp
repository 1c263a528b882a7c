// Version 1: version (1 byte) | count | records. A record: bytes shared with the key before | the rest of the key,
// sized | 0 for a delete, or 1 + the value's size and the value. Numbers are varints.
#include "storage/write_set.hpp"

#include <algorithm>

#include "storage/varint.hpp"

namespace stoa {
namespace {

constexpr char kVersion = 1;

size_t shared_bytes(std::string_view a, std::string_view b) {
  const size_t most = std::min(a.size(), b.size());
  return static_cast<size_t>(std::mismatch(a.begin(), a.begin() + static_cast<ptrdiff_t>(most), b.begin()).first -
                             a.begin());
}

}  // namespace

std::string encode_write_set(const WriteSet& set) {
  size_t bytes = 6;
  for (const auto& [key, value] : set.writes) bytes += key.size() + (value ? value->size() : 0) + 6;
  std::string out;
  out.reserve(bytes);
  out.push_back(kVersion);
  put_varint(out, set.writes.size());
  std::string_view before;
  for (const auto& [key, value] : set.writes) {
    const size_t shared = shared_bytes(before, key);
    put_varint(out, shared);
    put_sized(out, std::string_view(key).substr(shared));
    put_varint(out, value ? value->size() + 1 : 0);
    if (value) out += *value;
    before = key;
  }
  return out;
}

Result<WriteSet> decode_write_set(std::string_view bytes) {
  if (bytes.empty()) return Error{"a write set is empty"};
  if (bytes.front() != kVersion) {
    return Error{"a write set has version " + std::to_string(static_cast<unsigned char>(bytes.front())) +
                 ", this program knows 1"};
  }
  VarintReader in(bytes.substr(1));
  WriteSet out;
  std::string_view before;
  for (uint64_t count = in.varint(); count > 0; --count) {
    const uint64_t shared = in.varint();
    const std::string_view suffix = in.sized();
    const uint64_t presence = in.varint();
    const std::string_view value = in.bytes(presence == 0 ? 0 : presence - 1);
    if (!in.ok() || shared > before.size()) return Error{"a write set is damaged"};
    std::string key;
    key.reserve(shared + suffix.size());
    key.append(before.substr(0, shared)).append(suffix);
    if (!out.writes.empty() && key <= before) return Error{"a write set's keys do not rise"};
    const auto at = out.writes.emplace_hint(out.writes.end(), std::move(key), std::nullopt);
    if (presence != 0) at->second.emplace(value);
    before = at->first;
  }
  if (!in.ok() || in.left() != 0) return Error{"a write set is damaged"};
  return out;
}

}  // namespace stoa
