// The router over typed actors: finds the node that leads the shard, sends the request through the loop's courier or
// over the mesh, follows hints, repeats within the deadline while the shard has no leader or has lost it. One per loop;
// all calls on it.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "actors/runtime/courier.hpp"
#include "actors/runtime/router.hpp"
#include "actors/runtime/shard_directory.hpp"
#include "base/clock.hpp"

namespace stoa {

class ActorRouter final : public Router {
 public:
  // All outlive the router; the courier lives on the calling loop.
  ActorRouter(const ShardDirectory& directory, caf::strong_actor_ptr courier, const Clock& clock, Random& random);

  void call(uint16_t service, Slot slot, Call call, AnyCommand command, Reply reply) override;
  void call_all(uint16_t service, Call call, AnyCommand command, Replies replies) override;

  // One try, no repeats but where the wrong node was asked: for those who repeat by themselves.
  void try_once(uint16_t service, Slot slot, Call call, AnyCommand command, ShardWorld::OnReply on_reply);
  // To the replica of this node, leading or not: for what another node asks.
  void call_here(GroupId group, Call call, AnyCommand command, ShardWorld::OnReply on_reply);
  const ShardDirectory& directory() const { return directory_; }

  // Every 20 to 100 ms: repeats what is due and ends what is past its deadline.
  void tick();

 private:
  enum class Kind : uint8_t {
    kRepeated,  // until the deadline
    kOnce,
    kHere,  // once, and at no other node
  };
  struct Request {
    GroupId group;
    Call call;
    AnyCommand command;
    ShardWorld::OnReply on_reply;
    Kind kind = Kind::kRepeated;
    int attempt = 0;
    int hops = 0;       // in a row, from one node to the one it named
    std::string asked;  // the node, where there are several
    Time retry_at;      // {0}: on its way
  };

  void start(GroupId group, Call call, AnyCommand command, Kind kind, ShardWorld::OnReply on_reply);
  void send(uint64_t id, Request& request);
  bool send_here(uint64_t id, Request& request);
  void try_later(Request& request);
  bool follow_hint(uint64_t id, Request& request, const Answer& answer);
  void replied(uint64_t id, stoa::Reply reply);
  void finish(uint64_t id, stoa::Reply reply);

  const ShardDirectory& directory_;
  const caf::strong_actor_ptr courier_;
  const Clock& clock_;
  Random& random_;
  std::unordered_map<uint64_t, Request> requests_;
  uint64_t next_id_ = 1;
};

}  // namespace stoa
