// Where the gateway's log goes. Never told: tokens, bodies, query strings.
#pragma once

#include <cstdint>
#include <string_view>

namespace stoa {

struct AccessEntry {
  std::string_view method;
  std::string_view route;  // the pattern, "/v1/products/{id}"; empty when none matched
  int status = 0;
  std::string_view code;  // of a problem; empty otherwise
  int64_t duration_us = 0;
  std::string_view trace_id;
  std::string_view request_id;
  std::string_view address;
  int64_t at_ns = 0;  // monotonic
};

class LogSink {
 public:
  virtual ~LogSink() = default;
  // After every answered request; the views are good during the call. Called on the gateway's loop, must not block.
  virtual void access(const AccessEntry& entry) = 0;
  virtual void warn(std::string_view what) = 0;
};

}  // namespace stoa
