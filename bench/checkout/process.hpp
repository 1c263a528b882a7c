// A server started for the run. It ends with this object, and with this program however that ends.
#pragma once

#include <csignal>
#include <string>
#include <sys/types.h>
#include <vector>

namespace stoa::bench {

struct ProcessOptions {
  std::vector<std::string> command;  // the program's path comes first
  std::string log;                   // the file that takes stdout and stderr
  std::string user;                  // whom to become when this program is root; empty: nobody else
  int stop_signal = SIGTERM;
};

class Process {
 public:
  explicit Process(ProcessOptions options);
  // Sends the stop signal, waits up to 10 s, then kills.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  // Throws with the end of its log when the process has ended by itself.
  void check_running();
  // Waits for its end; throws with the end of its log unless it exits with 0.
  void wait_for_success(double timeout_s);

 private:
  [[noreturn]] void fail(const std::string& what) const;
  bool ended();

  const ProcessOptions options_;
  pid_t pid_ = -1;
  bool ended_ = false;
  int status_ = 0;
};

// CPU seconds, user and system, that this process and all below it have used so far.
double cpu_seconds(pid_t root);

}  // namespace stoa::bench
