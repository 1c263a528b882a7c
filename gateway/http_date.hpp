// The value of a Date header, looked up ten times a second at most. One thread.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace stoa {

class HttpDate {
 public:
  explicit HttpDate(const Clock& clock) : clock_(clock) {}

  // "Sun, 06 Nov 1994 08:49:37 GMT"; `monotonic_ns` is the clock's and spares asking it again.
  std::string_view at(int64_t monotonic_ns);

 private:
  const Clock& clock_;
  int64_t due_ns_ = INT64_MIN;
  int64_t second_ = -1;
  std::string text_;
};

}  // namespace stoa
