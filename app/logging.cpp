#include "app/logging.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <spdlog/async.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "base/clock.hpp"

namespace stoa {
namespace {

constexpr size_t kWaitingLines = 8192;
constexpr size_t kLineBytes = 384;  // most are shorter

LogFormat chosen_format = LogFormat::kText;
bool started = false;

// A gateway under load writes a thousand lines a second, and nearly all of their text needs no escape.
void append_json(std::string& out, std::string_view text) {
  bool plain = true;
  for (const char c : text) plain = plain && c >= ' ' && c < 0x7f && c != '"' && c != '\\';
  if (plain) {
    (out += '"').append(text) += '"';
  } else {
    out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
}
void append_json(std::string& out, int64_t number) { out += std::to_string(number); }
void append_json(std::string& out, double number) { out += nlohmann::json(number).dump(); }
void append_json(std::string& out, bool flag) { out += flag ? "true" : "false"; }

void write_line(LogLevel level, std::string_view what, LogFields fields) {
  write_log_lines(log_line(level, what, fields));
}

}  // namespace

LogFormat log_format_of_stderr() { return isatty(STDERR_FILENO) != 0 ? LogFormat::kText : LogFormat::kJson; }

LogLevel log_level(const std::string& name) {
  for (const LogLevel level : {LogLevel::kDebug, LogLevel::kWarn, LogLevel::kError}) {
    if (name == to_string(level)) return level;
  }
  return LogLevel::kInfo;
}

void start_logging(LogLevel least, LogFormat format) {
  chosen_format = format;
  spdlog::init_thread_pool(kWaitingLines, 1);
  auto sink = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>();
  sink->set_pattern("%v");
  auto logger = std::make_shared<spdlog::async_logger>("stoa", std::move(sink), spdlog::thread_pool(),
                                                       spdlog::async_overflow_policy::overrun_oldest);
  logger->set_level(spdlog::level::debug);
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
  set_log_level(least);
  started = true;
  set_log_sink(write_line);
}

void stop_logging() {
  set_log_sink(nullptr);
  started = false;
  spdlog::shutdown();
}

std::string log_line(LogLevel level, std::string_view what, LogFields fields) {
  const std::string time = to_rfc3339(SystemClock().now());
  return chosen_format == LogFormat::kJson ? log_json(time, level, what, fields)
                                           : time + " " + log_text(level, what, fields);
}

void write_log_lines(std::string_view lines) {
  if (!started) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(lines.size()), lines.data());
    return;
  }
  spdlog::default_logger_raw()->log(spdlog::level::info, spdlog::string_view_t(lines.data(), lines.size()));
}

std::string log_json(const std::string& time, LogLevel level, std::string_view what, LogFields fields) {
  std::string line;
  line.reserve(kLineBytes);
  line += R"({"time":)";
  append_json(line, time);
  line += R"(,"level":)";
  append_json(line, to_string(level));
  line += R"(,"msg":)";
  append_json(line, what);
  for (const LogField& field : fields) {
    line += ',';
    append_json(line, field.name);
    line += ':';
    std::visit([&](const auto& value) { append_json(line, value); }, field.value);
  }
  return line += '}';
}

}  // namespace stoa
