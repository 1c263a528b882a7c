#include "gateway/prefer.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/request_head.hpp"

namespace stoa {

Preference parse_prefer(std::string_view value, int64_t normal_ms, int64_t most_ms) {
  Preference wanted{normal_ms, {}};
  bool async = false;
  while (!value.empty()) {
    const size_t end = std::min(value.find_first_of(",;"), value.size());
    const std::string_view one = trimmed(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
    if (same_token(one, "respond-async")) {
      async = true;
    } else if (same_token(one.substr(0, std::min<size_t>(5, one.size())), "wait=")) {
      std::string_view number = one.substr(5);
      if (number.size() > 1 && number.front() == '"' && number.back() == '"') {
        number = number.substr(1, number.size() - 2);
      }
      int64_t seconds = -1;
      const auto read = std::from_chars(number.data(), number.data() + number.size(), seconds);
      if (read.ec != std::errc() || read.ptr != number.data() + number.size() || seconds < 0) continue;
      wanted.wait_ms = std::min(std::min<int64_t>(seconds, 1'000'000) * 1000, most_ms);
      wanted.applied = "wait=" + std::to_string(wanted.wait_ms / 1000);
    }
  }
  // Together they mean: wait that long, and answer asynchronously after it.
  if (async && wanted.applied.empty()) return {0, "respond-async"};
  if (async) wanted.applied = "respond-async, " + wanted.applied;
  return wanted;
}

}  // namespace stoa
