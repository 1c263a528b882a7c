// The gateway's log lines. Above a thousand a second only some of the successes are written; faults of the server
// always.
#pragma once

#include <cstdint>

#include "gateway/log_sink.hpp"

namespace stoa {

class AccessLog final : public LogSink {
 public:
  void access(const AccessEntry& entry) override;
  void warn(std::string_view what) override;

 private:
  static constexpr int kPerSecond = 1000;

  bool sampled_out(const AccessEntry& entry);

  int64_t second_ = 0;  // of the monotonic clock
  int written_ = 0;
  uint64_t left_out_ = 0;
};

}  // namespace stoa
