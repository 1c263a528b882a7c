#include "storage/table_heights.hpp"

#include <iterator>

#include "base/check.hpp"
#include "storage/key.hpp"

namespace stoa {
namespace {

constexpr size_t kPrefixBytes = 3;  // shard and table

}  // namespace

std::string& TableHeights::height_of(std::string_view key) {
  STOA_CHECK(key.size() >= kPrefixBytes, "a key names its shard and table");
  std::optional<std::string>& height = heights_[static_cast<unsigned char>(key[kPrefixBytes - 1])];
  if (!height) {
    height.emplace();
    const std::string from(key.substr(0, kPrefixBytes));
    database_.scan(from, after_prefix(from), true, [&](std::string_view last, std::string_view) {
      *height = last;
      return false;
    });
  }
  return *height;
}

bool TableHeights::above(std::string_view key) { return key > height_of(key); }

void TableHeights::raise(const WriteSet& layer) {
  for (auto at = layer.begin(); at != layer.end();) {
    const std::string end = after_prefix(std::string((*at).key.substr(0, kPrefixBytes)));
    const auto next = end.empty() ? layer.end() : layer.lower_bound(end);
    const std::string_view last = (*std::prev(next)).key;
    std::string& height = height_of(last);
    if (height < last) height = last;
    at = next;
  }
}

}  // namespace stoa
