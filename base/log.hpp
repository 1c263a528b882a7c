// The seam through which the program says what happens: a level, a fixed sentence, and fields beside it. Where the line
// goes is the program's business (app/logging.hpp); until a sink is set, lines go to stderr as text. Any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/secret.hpp"

namespace stoa {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarn, kError };

std::string_view to_string(LogLevel level);

// Points at its text: use it only as an argument of log(). A Secret is refused at compile time.
struct LogField {
  LogField(std::string_view key, std::string_view text) : name(key), value(text) {}
  LogField(std::string_view key, const std::string& text) : name(key), value(std::string_view(text)) {}
  LogField(std::string_view key, const char* text) : name(key), value(std::string_view(text)) {}
  LogField(std::string_view key, bool flag) : name(key), value(flag) {}
  LogField(std::string_view key, double number) : name(key), value(number) {}
  template <class T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>, int> = 0>
  LogField(std::string_view key, T number) : name(key), value(static_cast<int64_t>(number)) {}
  LogField(std::string_view, const Secret&) = delete;

  std::string_view name;
  std::variant<std::string_view, int64_t, double, bool> value;
};

using LogFields = std::initializer_list<LogField>;
// Called from any thread, several at once; must not log itself, block for long, or throw.
using LogWriter = void (*)(LogLevel level, std::string_view what, LogFields fields);

// nullptr: back to plain text on stderr.
void set_log_sink(LogWriter sink);
// What is below it is dropped before it is formatted. kInfo at first.
void set_log_level(LogLevel least);
bool log_enabled(LogLevel level);

void log(LogLevel level, std::string_view what, LogFields fields = {});

inline void log_debug(std::string_view what, LogFields fields = {}) { log(LogLevel::kDebug, what, fields); }
inline void log_info(std::string_view what, LogFields fields = {}) { log(LogLevel::kInfo, what, fields); }
inline void log_warn(std::string_view what, LogFields fields = {}) { log(LogLevel::kWarn, what, fields); }
inline void log_error(std::string_view what, LogFields fields = {}) { log(LogLevel::kError, what, fields); }

// "level what name=value name="a value"": how a person reads a line.
std::string log_text(LogLevel level, std::string_view what, LogFields fields);

}  // namespace stoa
