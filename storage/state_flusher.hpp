// Writes what is dirty to the state databases of a node, from behind: coalesced, sorted, each shard's records together
// with its mark. All changes of a state database go through here.
// It decides by size and age, and on request. Decisions that concern a shard are posted to the shard's executor;
// nothing of a shard is touched from another thread. It has no thread of its own: storage/flusher_thread.hpp runs it,
// or a simulation calls step().
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
#include "storage/state_layer.hpp"

namespace stoa {

class ShardState;

struct FlusherOptions {
  size_t layer_bytes = 4 << 20;          // a shard's dirty layer is handed over when it holds this much
  int64_t layer_age_ms = 5000;           // or when its first write is this old
  size_t undurable_bytes = 32 << 20;     // a database is flushed to disk when this much was written since the last time
  int64_t undurable_age_ms = 30000;      // or when the first of it is this old
  size_t dirty_bound_bytes = 192 << 20;  // over this, over_bound(): commands wait
};

// What one step wrote, for metrics.
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

  // The observer runs on the thread that steps; it may be empty. The clock outlives this; so do the databases of the
  // shards. This outlives the shards' states, and what it posted to their executors.
  StateFlusher(const Clock& clock, FlusherOptions options = {}, Observer observer = {});
  ~StateFlusher();  // forgets what was not written: a crash. Call stop() before for a clean end.
  StateFlusher(const StateFlusher&) = delete;
  StateFlusher& operator=(const StateFlusher&) = delete;

  // Does what is due: writes what was handed over, flushes databases, asks shards for old layers. False = nothing was
  // to do. One thread at a time. After an error stop the process.
  Result<bool> step();

  // Blocks until something may be due (true), or until close() was called and all is written (false).
  bool wait();
  // No more waiting for age or size: wait() returns false once all that was handed over is durable.
  void close();
  // Writes all that was handed over and makes it durable. For an owner without a thread, and for tests.
  Result<void> finish();

  // True while the dirty bytes of all shards exceed the bound: commands should wait. Any thread. Every shard's
  // on_progress runs when it has become false again.
  bool over_bound() const { return dirty_bytes_.load(std::memory_order_relaxed) > options_.dirty_bound_bytes; }
  size_t dirty_bytes() const { return dirty_bytes_.load(std::memory_order_relaxed); }
  const FlusherOptions& options() const { return options_; }

 private:
  friend class ShardState;
  struct Seat;   // of one shard's state
  struct Store;  // of one database

  // Of ShardState, on its own thread.
  Seat* join(Database& database, GroupId group, ReplicaId replica, Executor& executor, ShardState* state);
  void leave(Seat* seat);
  void submit(Seat* seat, std::unique_ptr<StateLayer> layer, bool durable);

  const Clock& clock_;
  const FlusherOptions options_;
  const Observer observer_;
  std::atomic<size_t> dirty_bytes_{0};

  std::mutex mutex_;  // guards all below
  std::condition_variable wake_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::vector<std::unique_ptr<Store>> stores_;
  bool closed_ = false;
};

}  // namespace stoa
