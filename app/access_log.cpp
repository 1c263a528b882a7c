#include "app/access_log.hpp"

#include "app/logging.hpp"
#include "base/log.hpp"

namespace stoa {

void AccessLog::access(const AccessEntry& e) {
  if (!log_enabled(LogLevel::kInfo) || sampled_out(e)) return;
  const LogLevel level = e.status >= 500 ? LogLevel::kWarn : LogLevel::kInfo;
  if (!lines_.empty()) lines_ += '\n';
  lines_ += log_line(level, "request",
                     {{"method", e.method},
                      {"route", e.route},
                      {"status", e.status},
                      {"code", e.code},
                      {"duration_us", e.duration_us},
                      {"trace_id", e.trace_id},
                      {"request_id", e.request_id},
                      {"address", e.address}});
  if (lines_.size() >= kManyBytes) flush();
}

void AccessLog::flush() {
  if (lines_.empty()) return;
  write_log_lines(lines_);
  lines_.clear();
}

bool AccessLog::sampled_out(const AccessEntry& e) {
  const int64_t second = e.at_ns / 1'000'000'000;
  if (second != second_) {
    if (left_out_ > 0) log_info("access log sampled", {{"left_out", left_out_}});
    second_ = second;
    written_ = 0;
    left_out_ = 0;
  }
  if (e.status >= 500 || written_++ < kPerSecond) return false;
  ++left_out_;
  return true;
}

void AccessLog::warn(std::string_view what) { log_warn(what); }

}  // namespace stoa
