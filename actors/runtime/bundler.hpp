// What this node's shards ask of others within one round of the loop, by the shard that is asked: a checkout under load
// is one of many, and a message, its reply and all that lies between cost more than most of what they carry. One alone
// goes as it is. On the loop.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/runtime/actor_router.hpp"
#include "actors/runtime/shard_world.hpp"
#include "base/group.hpp"

namespace stoa {

class Bundler {
 public:
  static constexpr size_t kMost = 128;  // commands in a bundle

  // The router outlives it.
  explicit Bundler(ActorRouter& router) : router_(router) {}

  // REQUIRES a command of that service's table that has a rule, and a call of a service without a request id or a key:
  // only such may share a message. `on_reply` is called once, from the router, and never from inside.
  void ask(uint16_t service, Slot slot, Call call, AnyCommand command, ShardWorld::OnReply on_reply);
  void ask_encoded(uint16_t service, Slot slot, Call call, const std::string& command, std::string payload,
                   ShardWorld::OnReply on_reply);
  // Sends what was asked since. False: nothing was.
  bool flush();

 private:
  struct Asked {
    Slot slot = 0;
    Call call;
    std::optional<AnyCommand>
        command;  // or what an outbox row has: its name and encoding, decoded only if it goes alone
    std::string name;
    std::string payload;
    ShardWorld::OnReply on_reply;
  };
  void add(uint16_t service, Asked asked);
  void send(GroupId group, std::vector<Asked> asked);
  void send_alone(GroupId group, Asked asked);

  ActorRouter& router_;
  std::map<GroupId, std::vector<Asked>> asked_;
};

}  // namespace stoa
