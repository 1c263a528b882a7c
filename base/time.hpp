// Time as the wire knows it: milliseconds since 1970-01-01T00:00:00Z, and its RFC 3339 form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stoa {

struct Time {
  int64_t ms = 0;  // since the Unix epoch, UTC

  friend constexpr bool operator==(Time a, Time b) { return a.ms == b.ms; }
  friend constexpr bool operator!=(Time a, Time b) { return a.ms != b.ms; }
  friend constexpr bool operator<(Time a, Time b) { return a.ms < b.ms; }
  friend constexpr bool operator<=(Time a, Time b) { return a.ms <= b.ms; }
  friend constexpr bool operator>(Time a, Time b) { return a.ms > b.ms; }
  friend constexpr bool operator>=(Time a, Time b) { return a.ms >= b.ms; }
};

constexpr Time after(Time t, int64_t duration_ms) { return Time{t.ms + duration_ms}; }

// "2026-01-31T23:59:59.123Z"
std::string to_rfc3339(Time t);

// Any RFC 3339 date-time with offset, years 0001-9999; digits past milliseconds are cut. Anything else is nullopt.
std::optional<Time> parse_rfc3339(std::string_view text);

}  // namespace stoa
