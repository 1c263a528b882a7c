// ISO 3166-1 alpha-2 country codes.
#pragma once

#include <string_view>

namespace stoa {

// Whether the two upper-case letters are an officially assigned code.
bool is_country(std::string_view code);

}  // namespace stoa
