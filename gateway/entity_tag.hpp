// If-Match and If-None-Match: RFC 9110, 13.1.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stoa {

// The one strong tag of an If-Match, without its quotes, or "*". nullopt: not of that form, or a list. A weak tag never
// matches strongly, so it becomes a tag that nothing has.
std::optional<std::string> parse_if_match(std::string_view value);

// Whether an If-None-Match names this tag (compared weakly) or is "*".
bool none_match_hits(std::string_view value, std::string_view tag);

}  // namespace stoa
