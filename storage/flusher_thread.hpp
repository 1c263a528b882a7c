// The thread of the state's flusher. The process aborts when a step fails: what is on the disk is unknown then.
#pragma once

#include <thread>

#include "storage/free_space.hpp"
#include "storage/state_flusher.hpp"

namespace stoa {

class FlusherThread {
 public:
  // Both outlive this. `space` is refreshed several times a second; none: nobody looks.
  explicit FlusherThread(StateFlusher& flusher, FreeSpace* space = nullptr);
  // Makes durable all that was handed over, and joins: a clean end.
  ~FlusherThread();
  FlusherThread(const FlusherThread&) = delete;
  FlusherThread& operator=(const FlusherThread&) = delete;

 private:
  StateFlusher& flusher_;
  std::thread thread_;
};

}  // namespace stoa
