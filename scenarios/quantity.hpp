// The quantities a scenario is written in: "10s", "200/s", "0.1%". Whole string or nothing: "10 sec" is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stoa::scenarios {

// "50us", "1.5ms", "10s", "2m", "1h" as nanoseconds, at least 0 and at most 1,000 hours.
std::optional<int64_t> parse_duration_ns(std::string_view text);

// A finite number of at least 0, without unit.
std::optional<double> parse_number(std::string_view text);

// "200" or "200/s" per second; above 0 and at most a million.
std::optional<double> parse_rate(std::string_view text);

// "0.1%" as 0.001; at least 0 and at most 1.
std::optional<double> parse_share(std::string_view text);

// Three significant digits and a unit: "812us", "4.21ms", "1.30s".
std::string show_duration(int64_t ns);

// "12,345".
std::string show_count(uint64_t n);

// "99.95%"; never "100%" for less than all, nor "0%" for more than none.
std::string show_share(uint64_t part, uint64_t whole);

}  // namespace stoa::scenarios
