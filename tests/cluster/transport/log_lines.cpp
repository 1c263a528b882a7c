#include "tests/cluster/transport/log_lines.hpp"

#include <algorithm>

namespace stoa::test {

LogLines* LogLines::current = nullptr;

LogLines::LogLines() {
  current = this;
  set_log_sink(&LogLines::write);
}

LogLines::~LogLines() { set_log_sink(nullptr); }

void LogLines::write(LogLevel level, std::string_view what, LogFields fields) {
  const std::lock_guard lock(current->mutex_);
  current->lines_.push_back(log_text(level, what, fields));
}

size_t LogLines::count(const std::string& text) const {
  const std::lock_guard lock(mutex_);
  return static_cast<size_t>(std::count_if(lines_.begin(), lines_.end(),
                                           [&](const auto& line) { return line.find(text) != std::string::npos; }));
}

std::string LogLines::all() const {
  const std::lock_guard lock(mutex_);
  std::string all;
  for (const std::string& line : lines_) all += line + "\n";
  return all;
}

}  // namespace stoa::test
