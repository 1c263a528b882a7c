// What the flusher knows of one shard's state: what was handed over and how far it got. Made by StateFlusher::join,
// freed by the flusher once the shard has left and nothing refers to it any more.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>

#include "base/executor.hpp"
#include "base/group.hpp"
#include "storage/database.hpp"
#include "storage/state_layer.hpp"

namespace stoa {

class ShardState;

struct FlusherSeat {
  Database* database = nullptr;
  GroupId group;
  Executor* executor = nullptr;
  ShardState* state = nullptr;  // the executor's thread only; null once it has left

  std::atomic<int64_t> dirty_since_ns{0};  // first write of what was not handed over; 0: nothing is dirty
  std::atomic<size_t> dirty_bytes{0};      // dirty or handed over, not yet written
  std::atomic<Index> durable{0};
  std::atomic<bool> asked{false};  // a post that asks for its layer is under way
  std::atomic<int> posts{0};       // under way to the executor, and naming this seat

  // Guarded by the flusher's mutex.
  std::deque<std::unique_ptr<StateLayer>> layers;  // oldest first: forgotten by the shard, written, to be written
  size_t written = 0;                              // how many of them are in the database
  size_t forgotten = 0;                            // of these, how many the shard refers to no more
  Index written_applied = 0;
  std::unique_ptr<ShardView> view;  // on its way to the shard
  bool left = false;
};

}  // namespace stoa
