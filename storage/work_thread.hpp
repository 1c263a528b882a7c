// A thread for work that would hold up a loop: reading and writing much of a disk. Jobs run one after another.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/executor.hpp"

namespace stoa {

class WorkThread final : public Executor {
 public:
  // The name is shown by tools; at most 15 characters.
  explicit WorkThread(std::string name);
  // Finishes what was posted before, and joins.
  ~WorkThread() override;
  WorkThread(const WorkThread&) = delete;
  WorkThread& operator=(const WorkThread&) = delete;

  void post(std::function<void()> work) override;

 private:
  void run();

  const std::string name_;
  std::mutex mutex_;  // guards all below
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace stoa
