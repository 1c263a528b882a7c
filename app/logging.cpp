#include "app/logging.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/async.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "base/clock.hpp"

namespace stoa {
namespace {

constexpr size_t kWaitingLines = 8192;

LogFormat chosen_format = LogFormat::kText;

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

void write_line(LogLevel level, std::string_view what, LogFields fields) {
  const std::string time = to_rfc3339(SystemClock().now());
  const std::string line = chosen_format == LogFormat::kJson ? log_json(time, level, what, fields)
                                                             : time + " " + log_text(level, what, fields);
  spdlog::default_logger_raw()->log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
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
  set_log_sink(write_line);
}

void stop_logging() {
  set_log_sink(nullptr);
  spdlog::shutdown();
}

std::string log_json(const std::string& time, LogLevel level, std::string_view what, LogFields fields) {
  nlohmann::ordered_json line = {{"time", time}, {"level", to_string(level)}, {"msg", what}};
  for (const LogField& field : fields) {
    std::visit([&](const auto& value) { line[std::string(field.name)] = value; }, field.value);
  }
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace stoa
