// Prefer: how long a client waits for a decision. RFC 7240.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace stoa {

struct Preference {
  int64_t wait_ms = 0;
  std::string applied;  // value of Preference-Applied; empty: nothing was asked for
};

// respond-async: 0. wait=N: N seconds, at most `most_ms`. Neither, or what cannot be read: `normal_ms`.
Preference parse_prefer(std::string_view value, int64_t normal_ms, int64_t most_ms);

}  // namespace stoa
