// Keeps what is logged while it lives. One at a time.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/log.hpp"

namespace stoa::test {

class LogLines {
 public:
  LogLines();
  ~LogLines();
  LogLines(const LogLines&) = delete;
  LogLines& operator=(const LogLines&) = delete;

  // How many lines hold the text.
  size_t count(const std::string& text) const;
  std::string all() const;

 private:
  static void write(LogLevel level, std::string_view what, LogFields fields);
  static LogLines* current;
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

}  // namespace stoa::test
