// Sends a command to the shard that owns its slot and brings the answer back, repeating within the deadline while the
// shard has no leader or lost it. The seam between the gateway and the actors; tests give it other ends.
#pragma once

#include <functional>
#include <vector>

#include "actors/runtime/any_command.hpp"
#include "base/call.hpp"
#include "base/outcome.hpp"

namespace stoa {

class Router {
 public:
  virtual ~Router() = default;
  using Reply = std::function<void(Answer answer, bool replayed)>;

  // Exactly one reply, on the caller's loop, never from inside call(). Past the deadline: `unavailable`.
  virtual void call(uint16_t service, Slot slot, Call call, AnyCommand command, Reply reply) = 0;
  // To every shard of the service; answers in the order of shards.
  using Replies = std::function<void(std::vector<Answer> answers)>;
  virtual void call_all(uint16_t service, Call call, AnyCommand command, Replies replies) = 0;
};

}  // namespace stoa
