// Writes what is dirty to the state databases of a node, from behind: coalesced, sorted, each shard's records together
// with its mark. All changes of a state database go through here.
// It decides by size and age, and on request. What concerns a shard is posted to the shard's executor; nothing of a
// shard is touched from another thread. It has no thread of its own: storage/flusher_thread.hpp runs it, or a
// simulation calls step().
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "base/group.hpp"
#include "base/result.hpp"
#include "storage/database.hpp"
#include "storage/flusher_task.hpp"
#include "storage/state_layer.hpp"

namespace stoa {

class ShardState;
struct FlusherSeat;

constexpr int64_t kNanosecondsInMillisecond = 1'000'000;

struct FlusherOptions {
  size_t layer_bytes = 4 << 20;          // a shard's dirty layer is handed over when it holds this much
  int64_t layer_age_ms = 3'000;          // or when its first write is this old
  size_t undurable_bytes = 32 << 20;     // a database is flushed to disk when this much was written since the last time
  int64_t undurable_age_ms = 10'000;     // or when the first of it is this old
  size_t dirty_bound_bytes = 192 << 20;  // over this, over_bound(): commands wait
};

// What one step did, for metrics.
struct FlusherStep {
  size_t layers = 0;
  size_t puts = 0;  // after coalescing, tombstones included
  size_t bytes = 0;
  size_t flushes = 0;  // of databases to disk
  int64_t busy_ns = 0;
};

class StateFlusher {
 public:
  using Observer = std::function<void(const FlusherStep&)>;

  // The observer runs on the thread that steps, after a step that wrote something; it may be empty. Clock and databases
  // outlive this; this outlives the shards' states and the posts that their executors still hold.
  explicit StateFlusher(const Clock& clock, FlusherOptions options = {}, Observer observer = {});
  ~StateFlusher();  // forgets what was not written, as a crash would
  StateFlusher(const StateFlusher&) = delete;
  StateFlusher& operator=(const StateFlusher&) = delete;

  // Does what is due: writes what was handed over, flushes databases, asks shards for what is old. False = nothing was
  // to be written. After an error stop the process.
  Result<bool> step();
  // Writes all that was handed over and makes it durable.
  Result<void> finish();

  // Steps it with every step() from now on until it is done. Any thread. A task that is not done when the flusher ends
  // is destroyed.
  void submit(std::unique_ptr<FlusherTask> task);
  // Runs `change` while nothing else changes a database. For what a boot must do before the shard has a state; blocks.
  Result<void> run_alone(const std::function<Result<void>()>& change);

  // Blocks until something may be due (true), or until closed and all that was handed over is durable (false). The
  // stepping thread only.
  bool wait();
  void close();

  // True while the dirty bytes of all shards exceed the bound: commands should wait. Any thread. When it becomes false,
  // every shard's on_progress runs.
  bool over_bound() const { return dirty_bytes() > options_.dirty_bound_bytes; }
  size_t dirty_bytes() const { return dirty_bytes_.load(std::memory_order_relaxed); }
  const FlusherOptions& options() const { return options_; }

 private:
  friend class ShardState;

  struct Store {  // one database and what of it a crash would take
    Database* database;
    size_t undurable_bytes = 0;
    int64_t undurable_since_ns = 0;
    bool flush_wanted = false;  // guarded by mutex_; all else is the stepping thread's
    bool flush_now = false;     // wanted, and what it was wanted for is among the jobs
  };
  struct Job {  // the layers of a seat that one batch writes
    FlusherSeat* seat;
    std::vector<const StateLayer*> layers;  // oldest first
  };

  // For ShardState, on its own thread.
  FlusherSeat* join(Database& database, GroupId group, ReplicaId replica, Executor& executor, ShardState* state);
  void leave(FlusherSeat* seat);
  void submit(FlusherSeat* seat, std::unique_ptr<StateLayer> layer, bool durable);
  size_t take_written(FlusherSeat* seat);  // layers written since the last call: the shard forgets as many
  void add_dirty(FlusherSeat* seat, int64_t bytes);

  Store& store_of(Database& database);
  void drop_layers_of_former(Database& database, GroupId group);

  // On the stepping thread.
  void clear_away();
  std::vector<Job> take_jobs();
  Result<void> write(const Job& job, FlusherStep& done);
  Result<void> flush_what_is_due(bool all, FlusherStep& done);
  Result<void> step_tasks();
  void ask_for_layers();
  void post(FlusherSeat& seat, void (ShardState::*what)());
  Result<bool> work(bool all);

  const Clock& clock_;
  const FlusherOptions options_;
  const Observer observer_;
  std::atomic<size_t> dirty_bytes_{0};
  std::atomic<bool> was_over_{false};  // bytes went while over the bound: who waits must be told once it is under

  std::mutex work_;   // held while databases change
  std::mutex mutex_;  // guards all below, and the seats as they say; taken after work_
  std::condition_variable wake_;
  std::vector<std::unique_ptr<FlusherSeat>> seats_;
  std::vector<std::unique_ptr<Store>> stores_;
  std::vector<std::unique_ptr<FlusherTask>> tasks_;    // submitted; what they wait for may not be among the jobs yet
  std::vector<std::unique_ptr<FlusherTask>> running_;  // the stepping thread's
  bool submitted_ = false;
  bool closed_ = false;
};

}  // namespace stoa
