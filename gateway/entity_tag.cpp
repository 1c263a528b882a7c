#include "gateway/entity_tag.hpp"

#include "gateway/request_head.hpp"

namespace stoa {
namespace {

// A tag's text can hold no space, so no resource ever has this one.
constexpr std::string_view kNeverMatches = "weak tag";

// Takes one quoted tag from the front; false when there is none.
bool take_tag(std::string_view& list, std::string_view& tag, bool& weak) {
  list = trimmed(list);
  weak = list.substr(0, 2) == "W/";
  if (weak) list.remove_prefix(2);
  if (list.empty() || list.front() != '"') return false;
  const size_t end = list.find('"', 1);
  if (end == list.npos) return false;
  tag = list.substr(1, end - 1);
  list = trimmed(list.substr(end + 1));
  return true;
}

}  // namespace

std::optional<std::string> parse_if_match(std::string_view value) {
  value = trimmed(value);
  if (value == "*") return "*";
  std::string_view tag;
  bool weak = false;
  if (!take_tag(value, tag, weak) || !value.empty() || tag.empty()) return std::nullopt;
  return std::string(weak ? kNeverMatches : tag);
}

bool none_match_hits(std::string_view value, std::string_view tag) {
  value = trimmed(value);
  if (value == "*") return true;
  std::string_view one;
  bool weak = false;
  while (!value.empty() && take_tag(value, one, weak)) {
    if (one == tag) return true;
    if (value.empty() || value.front() != ',') return false;
    value.remove_prefix(1);
  }
  return false;
}

}  // namespace stoa
