// What tests of the state step by hand: a queue for an executor, a clock that stands still.
#pragma once

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
    for (; !queue_.empty(); queue_.pop_front()) queue_.front()();
  }
  void drop() { queue_.clear(); }
  bool empty() const { return queue_.empty(); }

 private:
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
