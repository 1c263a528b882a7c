// The one place where a service's message types meet CAF: registers them, spawns the shards' typed actors and sends
// them typed requests. Everything else knows commands by name.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string_view>

#include "actors/runtime/api.hpp"
#include "actors/runtime/shard_actor.hpp"
#include "actors/runtime/shard_world.hpp"

namespace stoa {

class ServicePort {
 public:
  virtual ~ServicePort() = default;
  virtual void add_types(caf::actor_system_config& config) const = 0;
  virtual caf::strong_actor_ptr spawn(LoopUnit& unit, Probe& probe, Shard& shard) const = 0;
  // `self` is pinned to the calling loop; `on_reply` is called there, once, unless the shard's actor has gone away.
  virtual void request(caf::event_based_actor& self, const caf::strong_actor_ptr& shard, Call call, AnyCommand command,
                       ShardWorld::OnReply on_reply) const = 0;
};

template <class List>
class TypedServicePort;

// `Block` is the service's type-id block, caf::id_block::<name>.
template <class... C>
class TypedServicePort<Messages<C...>> {
 public:
  template <class Block>
  class With final : public ServicePort {
   public:
    using Api = ShardApi<Messages<C...>>;

    With() {
      (add<C>(), ...);
      add<ClaimKey>();
      add<Bundle>();
    }

    void add_types(caf::actor_system_config& config) const override { config.add_message_types<Block>(); }

    caf::strong_actor_ptr spawn(LoopUnit& unit, Probe& probe, Shard& shard) const override {
      const Api actor = unit.system().template spawn<ShardActor<Messages<C...>>, caf::lazy_init>(
          std::ref(unit), std::ref(probe), std::ref(shard));
      return caf::actor_cast<caf::strong_actor_ptr>(actor);
    }

    void request(caf::event_based_actor& self, const caf::strong_actor_ptr& shard, Call call, AnyCommand command,
                 ShardWorld::OnReply on_reply) const override {
      const auto sender = senders_.find(command.name());
      STOA_CHECK(sender != senders_.end(), "a command is a message of its service's interface");
      sender->second(self, shard, std::move(call), std::move(command).take(), std::move(on_reply));
    }

   private:
    using Sender = void (*)(caf::event_based_actor&, const caf::strong_actor_ptr&, Call, std::any, ShardWorld::OnReply);

    template <class M>
    void add() {
      senders_[M::kName] = [](caf::event_based_actor& self, const caf::strong_actor_ptr& shard, Call call,
                              std::any command, ShardWorld::OnReply on_reply) {
        auto shared = std::make_shared<ShardWorld::OnReply>(std::move(on_reply));
        self.request(caf::actor_cast<Api>(shard), caf::infinite, std::move(call), std::any_cast<M>(std::move(command)))
            .then([shared](Reply& reply) { (*shared)(std::move(reply)); },
                  [shared](caf::error& error) {
                    const bool full = error == caf::sec::runtime_error;
                    (*shared)(
                        runtime_reply(full ? kOverloaded : kUnknownFate, full ? "the shard's mailbox is full" : ""));
                  });
      };
    }

    std::map<std::string_view, Sender> senders_;
  };
};

}  // namespace stoa
