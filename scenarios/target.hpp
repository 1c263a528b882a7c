// Where a scenario's requests go: "http://host[:port]".
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace stoa::scenarios {

struct Target {
  std::string host;       // a name or an address, IPv6 without brackets
  std::string port;       // decimal
  std::string authority;  // as the Host header says it
};

// Refuses https (this program speaks plain HTTP), user info, a path, a query, and a port out of 1-65535.
Result<Target> parse_target(std::string_view url);

}  // namespace stoa::scenarios
