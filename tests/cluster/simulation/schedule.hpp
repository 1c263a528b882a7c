// Simulated time: events in one order that a seed decides. Nothing else in the simulation may choose or wait.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.hpp"

namespace stoa::simulation {

class Schedule {
 public:
  explicit Schedule(uint64_t seed) : random_(seed), trace_(seed) {}

  int64_t now_ms() const { return now_ms_; }
  Random& random() { return random_; }
  bool chance(uint64_t percent) { return random_.below(100) < percent; }
  int64_t between(int64_t low, int64_t high) {  // both included
    return low + static_cast<int64_t>(random_.below(static_cast<uint64_t>(high - low) + 1));
  }

  void after(int64_t delay_ms, std::function<void()> event) {
    events_.push({now_ms_ + delay_ms, ++last_, std::move(event)});
  }

  // Runs until the time, or until `done` says so.
  template <class Done>
  bool run_until(int64_t end_ms, Done done) {
    while (!events_.empty() && events_.top().at_ms <= end_ms) {
      if (done()) {
        return true;
      }
      std::function<void()> event = std::move(const_cast<Event&>(events_.top()).run);
      now_ms_ = events_.top().at_ms;
      events_.pop();
      event();
    }
    now_ms_ = end_ms;
    return done();
  }

  // What happened, folded into one number: equal for equal seeds.
  void note(uint64_t a, uint64_t b = 0, uint64_t c = 0) {
    for (const uint64_t part : {a, b, c, static_cast<uint64_t>(now_ms_)}) {
      trace_ = (trace_ ^ part) * 0x9e3779b97f4a7c15u;
      trace_ ^= trace_ >> 29;
    }
  }
  uint64_t trace() const { return trace_; }

 private:
  struct Event {
    int64_t at_ms;
    uint64_t number;
    std::function<void()> run;
    friend bool operator<(const Event& a, const Event& b) {
      return a.at_ms != b.at_ms ? a.at_ms > b.at_ms : a.number > b.number;
    }
  };

  SeededRandom random_;
  uint64_t trace_;
  int64_t now_ms_ = 0;
  uint64_t last_ = 0;
  std::priority_queue<Event> events_;
};

inline uint64_t hash_of(std::string_view bytes) {  // FNV-1a
  uint64_t h = 0xcbf29ce484222325u;
  for (const char c : bytes) {
    h = (h ^ static_cast<uint8_t>(c)) * 0x100000001b3u;
  }
  return h;
}

}  // namespace stoa::simulation
