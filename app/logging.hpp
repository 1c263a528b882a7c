// Where the program's log goes: stderr, one line each, as JSON for machines or as text for a person.
// Lines are written by a thread of their own; when it cannot keep up, the oldest waiting lines are dropped.
#pragma once

#include <string>

#include "base/log.hpp"

namespace stoa {

enum class LogFormat { kJson, kText };

// kText on a terminal, kJson elsewhere.
LogFormat log_format_of_stderr();

// "debug", "info", "warn", "error"; anything else is kInfo.
LogLevel log_level(const std::string& name);

// From now on log() writes to stderr. Once a process, before its threads start.
void start_logging(LogLevel least, LogFormat format);
// Writes what is waiting. After it lines are written at once, as text.
void stop_logging();

// A line as log() would write it now, without its end; and lines that were made so, joined by '\n': for who writes so
// many that waking the thread for each would cost more than the line.
std::string log_line(LogLevel level, std::string_view what, LogFields fields);
void write_log_lines(std::string_view lines);

// {"time": "...", "level": "info", "msg": "...", fields...}: one line, valid JSON whatever the text holds.
std::string log_json(const std::string& time, LogLevel level, std::string_view what, LogFields fields);

}  // namespace stoa
