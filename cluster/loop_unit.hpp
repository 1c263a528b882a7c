// A loop as CAF sees it: the execution unit on which pinned actors are resumed.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include "cluster/loop.hpp"

namespace stoa {

class LoopUnit final : public caf::execution_unit {
 public:
  // Both outlive the actors pinned here.
  LoopUnit(Loop& loop, caf::actor_system& system) : caf::execution_unit(&system), loop_(loop), others_(&system) {}

  // Any thread; takes over one reference to `job`.
  void exec_later(caf::resumable* job) override { loop_.schedule({&LoopUnit::resume, job, this}); }

  Loop& loop() { return loop_; }

 private:
  // What a pinned actor runs in. CAF resumes the receiver of a message where its sender runs; only actors that pin
  // themselves may come to the loop, all others stay with the scheduler.
  class Others final : public caf::execution_unit {
   public:
    using caf::execution_unit::execution_unit;
    void exec_later(caf::resumable* job) override { system().scheduler().enqueue(job); }
  };

  // Messages handled before others on the loop have their turn.
  static constexpr size_t kMaxThroughput = 300;

  static void resume(void* object, void* context) {
    auto* job = static_cast<caf::resumable*>(object);
    auto* unit = static_cast<LoopUnit*>(context);
    if (job->resume(&unit->others_, kMaxThroughput) == caf::resumable::resume_later)
      unit->exec_later(job);
    else
      caf::intrusive_ptr_release(job);
  }

  Loop& loop_;
  Others others_;
};

}  // namespace stoa
