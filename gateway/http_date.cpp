#include "gateway/http_date.hpp"

#include <ctime>

namespace stoa {

namespace {

constexpr int64_t kLookEveryNs = 100'000'000;

}  // namespace

std::string_view HttpDate::at(int64_t monotonic_ns) {
  if (monotonic_ns < due_ns_) return text_;
  due_ns_ = monotonic_ns + kLookEveryNs;
  const int64_t second = clock_.now().ms / 1000;
  if (second == second_) return text_;
  second_ = second;
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t t = static_cast<std::time_t>(second);
  std::tm parts{};
  gmtime_r(&t, &parts);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[parts.tm_wday], parts.tm_mday,
                kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  text_ = text;
  return text_;
}

}  // namespace stoa
