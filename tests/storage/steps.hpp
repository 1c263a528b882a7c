// What tests of the state step by hand: a queue for an executor, a clock that stands still.
#pragma once

#include <algorithm>
#include <ctime>
#include <deque>
#include <functional>
#include <utility>

#include "base/clock.hpp"
#include "base/executor.hpp"

namespace stoa {

class QueueExecutor final : public Executor {
 public:
  void post(std::function<void()> work) override { queue_.push_back(std::move(work)); }
  void run() {
    for (; !queue_.empty(); queue_.pop_front()) measured ? run_measured(queue_.front()) : queue_.front()();
  }
  void drop() { queue_.clear(); }
  bool empty() const { return queue_.empty(); }

  // Of this thread's CPU, while `measured`.
  bool measured = false;
  int64_t longest_ns = 0, total_ns = 0;

 private:
  static int64_t cpu_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
  }
  void run_measured(const std::function<void()>& work) {
    const int64_t before = cpu_ns();
    work();
    const int64_t took = cpu_ns() - before;
    longest_ns = std::max(longest_ns, took);
    total_ns += took;
  }

  std::deque<std::function<void()>> queue_;
};

class StandingClock final : public Clock {
 public:
  Time now() const override { return Time{ns_ / 1'000'000}; }
  int64_t monotonic_ns() const override { return ns_; }
  void advance_ms(int64_t ms) { ns_ += ms * 1'000'000; }

 private:
  int64_t ns_ = 1;
};

}  // namespace stoa
