#include "cluster/loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "base/check.hpp"

namespace stoa {
namespace {

thread_local Loop* current_loop = nullptr;

class Current {
 public:
  explicit Current(Loop* loop) : before_(current_loop) { current_loop = loop; }
  ~Current() { current_loop = before_; }

 private:
  Loop* before_;
};

}  // namespace

Loop::Loop() : context_(std::make_unique<boost::asio::io_context>(1)) {}
Loop::~Loop() = default;

void Loop::schedule(Job job) {
  if (current_loop == this) {
    local_.push_back(job);
  } else {
    const std::lock_guard lock(mutex_);
    inbox_.push_back(job);
  }
  arm();
}

void Loop::post(std::function<void()> work) {
  schedule({[](void* object, void*) {
              const std::unique_ptr<std::function<void()>> owned(static_cast<std::function<void()>*>(object));
              (*owned)();
            },
            new std::function<void()>(std::move(work)), nullptr});
}

void Loop::arm() {
  if (!armed_.exchange(true)) boost::asio::post(*context_, [this] { turn(); });
}

bool Loop::run_ready() {
  running_.swap(local_);
  {
    const std::lock_guard lock(mutex_);
    running_.insert(running_.end(), inbox_.begin(), inbox_.end());
    inbox_.clear();
  }
  for (const Job& job : running_) job.run(job.object, job.context);
  const bool any = !running_.empty();
  running_.clear();
  return any;
}

void Loop::turn() {
  const Current current(this);
  armed_ = false;
  bool more = true;
  for (int i = 0; i < kMaxRounds && more; ++i) {
    more = run_ready();
    for (auto& round : rounds_) more = round() || more;
  }
  for (auto& end : ends_) end();
  if (more || !local_.empty()) arm();
}

void Loop::run() {
  const Current current(this);
  const auto guard = boost::asio::make_work_guard(*context_);
  context_->run();
}

void Loop::stop() { context_->stop(); }

bool Loop::poll() {
  const Current current(this);
  context_->restart();
  return context_->poll() > 0;
}

}  // namespace stoa
