// Where a run leaves its files, and how it ends early: a fresh directory that is gone afterwards, and Ctrl-C as an
// exception at the next step, so that every server is stopped on the way out.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

namespace stoa::bench {

class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

// From here on SIGINT and SIGTERM are noticed by stop_if_interrupted().
void watch_signals();
// Throws Interrupted after a signal.
void stop_if_interrupted();

// Asks every 10 ms. Throws, naming `what`, when the answer is still no after timeout_s.
void wait_until(const std::function<bool()>& condition, double timeout_s, const std::string& what);

class Workplace {
 public:
  // A new directory below `parent`, readable by all: PostgreSQL runs as a user of its own.
  explicit Workplace(const std::string& parent);
  ~Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A TCP port of 127.0.0.1 that nobody held a moment ago.
uint16_t free_port();
// The first of so many in a row.
uint16_t free_ports(int count);

}  // namespace stoa::bench
