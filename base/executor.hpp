// The seam of a thread that takes work: a loop, or a queue that a simulation steps.
#pragma once

#include <functional>

namespace stoa {

class Executor {
 public:
  virtual ~Executor() = default;
  // Runs the work later on the executor's own thread, in the order of the posts of one thread. Any thread.
  virtual void post(std::function<void()> work) = 0;
};

}  // namespace stoa
