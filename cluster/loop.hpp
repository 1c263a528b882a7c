// A loop: one thread with an Asio io_context, on which connections and the shard actors pinned to it run, so that a
// request meets its shard without waking another thread.
//
// A turn runs what is ready, at most kMaxRounds rounds, and then once what was registered for its end: there all
// entries of its shards go to the journal together. Without run() a test or simulation steps it with poll().
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/executor.hpp"

namespace boost::asio {
class io_context;
}

namespace stoa {

class Loop final : public Executor {
 public:
  // A unit of work without allocation.
  struct Job {
    void (*run)(void* object, void* context) = nullptr;
    void* object = nullptr;
    void* context = nullptr;
  };
  static constexpr int kMaxRounds = 8;

  Loop();
  ~Loop() override;

  boost::asio::io_context& context() { return *context_; }

  // Any thread. Jobs of one thread run in their order.
  void schedule(Job job);
  void post(std::function<void()> work) override;

  // Before the first turn, on one thread. A round returns true when it did something; an end runs once a turn.
  void each_round(std::function<bool()> round) { rounds_.push_back(std::move(round)); }
  void each_end(std::function<void()> end) { ends_.push_back(std::move(end)); }
  // Makes sure that a turn comes. Any thread.
  void arm();

  // Blocks until stop(). Ignores nothing: an exception aborts the process.
  void run();
  void stop();
  // Runs what is ready and returns whether there was anything.
  bool poll();

 private:
  void turn();
  bool run_ready();

  std::unique_ptr<boost::asio::io_context> context_;
  std::vector<std::function<bool()>> rounds_;
  std::vector<std::function<void()>> ends_;
  std::vector<Job> local_, running_;  // of the loop's own thread

  std::atomic<bool> armed_{false};
  std::mutex mutex_;  // guards inbox_
  std::vector<Job> inbox_;
};

}  // namespace stoa
