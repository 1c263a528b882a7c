// The base of every actor: pinned to a loop, its mailbox bounded, and probed.
#pragma once

#include <caf/all.hpp>
#include <chrono>

#include "cluster/loop_unit.hpp"
#include "cluster/probe.hpp"

namespace stoa {

inline int64_t probe_clock_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Spawn with caf::lazy_init: the first resume then is on the loop too.
template <class Base>
class Inspected : public Base {
 public:
  // Requests beyond this many waiting messages are bounced with caf::sec::runtime_error; the caller sees "overloaded".
  static constexpr uint64_t kMaxDepth = 4096;

  template <class... A>
  Inspected(caf::actor_config& config, LoopUnit& unit, Probe& probe, A&&... a)
      : Base(config, std::forward<A>(a)...), unit_(unit), probe_(probe) {}

  using Base::consume;
  using Base::enqueue;
  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    if (what->sender && what->mid.is_request() && probe_.depth() >= kMaxDepth) {
      // CAF's own bouncer would say request_receiver_down, whatever it is told.
      what->sender->enqueue(nullptr, what->mid.response_id(), caf::make_message(caf::error(caf::sec::runtime_error)),
                            nullptr);
      return;
    }
    probe_.queued(probe_clock_ns());
    Base::enqueue(std::move(what), &unit_);
  }

  caf::resumable::resume_result resume(caf::execution_unit* unit, size_t max_throughput) override {
    const int64_t begun = probe_clock_ns();
    Probe& probe = probe_;  // *this may be gone afterwards
    const auto result = Base::resume(unit, max_throughput);
    probe.busy_ns.fetch_add(probe_clock_ns() - begun, std::memory_order_relaxed);
    return result;
  }

  caf::invoke_message_result consume(caf::mailbox_element& what) override {
    current_ = "message";
    const auto result = Base::consume(what);
    probe_.done(current_, probe_clock_ns());
    return result;
  }

 protected:
  // What the message just being handled is called; static lifetime.
  void name_message(const char* name) { current_ = name; }

 private:
  LoopUnit& unit_;
  Probe& probe_;
  const char* current_ = "message";
};

}  // namespace stoa
