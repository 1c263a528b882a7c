// The value of a Date header, formatted once a second. One thread.
#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"

namespace stoa {

class HttpDate {
 public:
  // "Sun, 06 Nov 1994 08:49:37 GMT"
  std::string_view at(Time now);

 private:
  int64_t second_ = -1;
  std::string text_;
};

}  // namespace stoa
