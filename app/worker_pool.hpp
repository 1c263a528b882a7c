// A few threads for work that would block a loop for long (hashing a password takes 20 ms and more). Bounded: what
// finds the queue full is told so at once.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace stoa {

class WorkerPool {
 public:
  WorkerPool(size_t threads, size_t max_queued);
  // Finishes what is queued.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Any thread. False: the queue is full, and the work will not be done.
  bool submit(std::function<void()> work);

 private:
  void run();

  const size_t max_queued_;
  std::mutex mutex_;  // guards all below
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace stoa
