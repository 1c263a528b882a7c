// Leader only: runs the shard's open sagas by their plans. Asks what the plan asks, repeats what got no answer, hands
// the decision to the shard. Holds nothing that cannot be asked again: a new leader starts every open row from its
// plan.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/runtime/saga_plan.hpp"
#include "actors/runtime/shard_world.hpp"

namespace stoa {

class SagaRunner {
 public:
  using Decide = std::function<void(const Uuid& id, AnyCommand decision, const std::string& trace_id)>;

  // `kinds` outlives the runner. `decide` submits the command to the shard; it may be called more than once for a saga
  // that stays open, and the rule must take that.
  SagaRunner(ShardWorld& world, const std::map<std::string, SagaKind>& kinds, Decide decide)
      : world_(world), kinds_(kinds), decide_(std::move(decide)) {}

  // The row was proposed: what cannot charge may leave beside its commit.
  void proposed(const SagaRow& row);
  // The row is committed, new or changed.
  void committed(const SagaRow& row);
  void erased(const Uuid& id) { open_.erase(id); }
  void tick();   // repeats what failed and is due, ends what is past its time
  void clear();  // the lead is lost; late replies are ignored

  size_t size() const { return open_.size(); }
  // When the oldest open saga began; {0} without any.
  Time oldest() const;

 private:
  struct Question {
    SagaAsk ask;
    int attempt = 0;
    Time retry_at;  // {0}: on its way, answered, or not yet allowed to leave
    bool left = false;
  };
  struct Open {
    SagaRow row;
    bool durable = false;
    Time decide_again;                // {0}: no decision handed over yet
    std::vector<Question> questions;  // in the order they were asked; few
    SagaReplies replies;
  };

  const SagaKind& kind_of(const Open& open) const;
  void advance(Open& open);
  void send_allowed(Open& open);
  void send(Open& open, size_t at);
  void replied(const Uuid& id, size_t at, Reply&& reply);

  ShardWorld& world_;
  const std::map<std::string, SagaKind>& kinds_;
  Decide decide_;
  std::unordered_map<Uuid, Open> open_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();  // replies of an earlier lead find it gone
};

}  // namespace stoa
