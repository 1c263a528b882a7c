// Percent-decoding and the query of a request target.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/record_types.hpp"

namespace stoa {

// nullopt: an escape of no form, or one for NUL, or not UTF-8.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);

// Faults point to /query/<name>: unknown, repeated or badly escaped.
struct QueryString {
  std::map<std::string, std::string> values;
  std::vector<FieldError> faults;
};
QueryString parse_query(std::string_view query, const std::vector<std::string>& names);

}  // namespace stoa
