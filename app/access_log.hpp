// The gateway's log lines. Above a thousand a second only some of the successes are written; faults of the server
// always.
#pragma once

#include <cstdint>

#include "base/clock.hpp"
#include "gateway/log_sink.hpp"

namespace stoa {

class AccessLog final : public LogSink {
 public:
  explicit AccessLog(const Clock& clock) : clock_(clock) {}

  void access(const AccessEntry& entry) override;
  void warn(std::string_view what) override;

 private:
  static constexpr int kPerSecond = 1000;

  bool sampled_out(int status);

  const Clock& clock_;
  int64_t second_ = 0;
  int written_ = 0;
  uint64_t left_out_ = 0;
};

}  // namespace stoa
