// The gateway's log lines. Above a thousand a second only some of the successes are written; faults of the server
// always. Lines wait for flush(), or until there are many: the thread that writes them is woken for all of them at
// once, since waking it for each took 4 % of a checkout's CPU. One thread: the gateway's loop.
#pragma once

#include <cstdint>
#include <string>

#include "gateway/log_sink.hpp"

namespace stoa {

class AccessLog final : public LogSink {
 public:
  void access(const AccessEntry& entry) override;
  void warn(std::string_view what) override;
  void flush();  // some ten times a second, and before the end

 private:
  static constexpr int kPerSecond = 1000;
  static constexpr size_t kManyBytes = 32 << 10;

  bool sampled_out(const AccessEntry& entry);

  int64_t second_ = 0;  // of the monotonic clock
  int written_ = 0;
  uint64_t left_out_ = 0;
  std::string lines_;  // that wait, each but the first after a '\n'
};

}  // namespace stoa
