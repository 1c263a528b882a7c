#include "storage/work_thread.hpp"

#include <pthread.h>
#include <utility>

namespace stoa {

WorkThread::WorkThread(std::string name) : name_(std::move(name)), thread_([this] { run(); }) {}

WorkThread::~WorkThread() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void WorkThread::post(std::function<void()> work) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    queue_.push_back(std::move(work));
  }
  wake_.notify_one();
}

void WorkThread::run() {
  pthread_setname_np(pthread_self(), name_.c_str());
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [this] { return !queue_.empty() || closed_; });
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

}  // namespace stoa
