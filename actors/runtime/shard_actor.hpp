// The typed actor of a shard: every message goes into the shard's batch, the promise waits for the commit. It decides
// nothing. One line per message comes from the service's list.
#pragma once

#include "actors/runtime/api.hpp"
#include "actors/runtime/shard.hpp"
#include "cluster/inspected.hpp"

namespace stoa {

template <class List>
class ShardActor;

template <class... C>
class ShardActor<Messages<C...>> final : public Inspected<typename ShardApi<Messages<C...>>::base> {
 public:
  using Api = ShardApi<Messages<C...>>;
  using Super = Inspected<typename Api::base>;

  // All outlive the actor; the shard's turns run on the same loop.
  ShardActor(caf::actor_config& config, LoopUnit& unit, Probe& probe, Shard& shard)
      : Super(config, unit, probe), shard_(shard) {}

  typename Api::behavior_type make_behavior() override {
    return {into_batch<C>()..., into_batch<ClaimKey>(), into_batch<Bundle>()};
  }

 private:
  template <class M>
  auto into_batch() {
    return [this](Call& call, M& message) -> caf::result<Reply> {
      this->name_message(M::kName.data());
      auto promise = this->template make_response_promise<Reply>();
      shard_.submit(std::move(call), AnyCommand::of(std::move(message)),
                    [promise](Reply reply) mutable { promise.deliver(std::move(reply)); });
      return promise;
    };
  }

  Shard& shard_;
};

}  // namespace stoa
