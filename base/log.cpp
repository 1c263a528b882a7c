#include "base/log.hpp"

#include <atomic>
#include <cstdio>

namespace stoa {
namespace {

std::atomic<LogWriter> current_sink{nullptr};
std::atomic<LogLevel> least_level{LogLevel::kInfo};

// Quoted where it would not read as one word; a control character never reaches a terminal.
void append_text(std::string& out, std::string_view text) {
  bool plain = !text.empty();
  for (const char c : text) plain = plain && static_cast<unsigned char>(c) > ' ' && c != '"' && c != '=' && c != 0x7f;
  if (plain) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    const bool control = static_cast<unsigned char>(c) < ' ' || c == 0x7f;
    out += control ? '?' : c;
  }
  out += '"';
}

}  // namespace

std::string_view to_string(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

void set_log_sink(LogWriter sink) { current_sink.store(sink); }
void set_log_level(LogLevel least) { least_level.store(least, std::memory_order_relaxed); }
bool log_enabled(LogLevel level) { return level >= least_level.load(std::memory_order_relaxed); }

void log(LogLevel level, std::string_view what, LogFields fields) {
  if (!log_enabled(level)) return;
  if (const LogWriter sink = current_sink.load()) return sink(level, what, fields);
  const std::string line = log_text(level, what, fields) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

std::string log_text(LogLevel level, std::string_view what, LogFields fields) {
  std::string line(to_string(level));
  line += ' ';
  line += what;
  for (const LogField& field : fields) {
    line += ' ';
    line += field.name;
    line += '=';
    if (const auto* text = std::get_if<std::string_view>(&field.value)) append_text(line, *text);
    if (const auto* number = std::get_if<int64_t>(&field.value)) line += std::to_string(*number);
    if (const auto* number = std::get_if<double>(&field.value)) line += std::to_string(*number);
    if (const auto* flag = std::get_if<bool>(&field.value)) line += *flag ? "true" : "false";
  }
  return line;
}

}  // namespace stoa
