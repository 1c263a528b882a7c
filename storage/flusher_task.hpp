// Work on a database in the flusher's queue, in steps, between its writes.
#pragma once

#include "base/result.hpp"

namespace stoa {

class FlusherTask {
 public:
  virtual ~FlusherTask() = default;
  // On the stepping thread, after all that was handed over before the task is written, and durable where that was asked
  // for. True: it is done, and destroyed. Does little at a time: the other shards wait meanwhile. An error stops the
  // flusher, as its own do.
  virtual Result<bool> step() = 0;
};

}  // namespace stoa
