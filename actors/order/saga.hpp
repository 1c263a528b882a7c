// Placing an order, as a plan: hold the stock on every shard that has some of it; when all of it is held, authorise the
// payment and book the shipment side by side; then decide.
#pragma once

#include "actors/runtime/saga_plan.hpp"

namespace stoa::order {

// Pure; `row` is of kind "place" and carries the PlaceOrder.
SagaStep next_step(const SagaRow& row, const SagaReplies& replies, const ShardCounts& shards);

// Its time is over: ExpireOrder.
AnyCommand give_up(const SagaRow& row);

}  // namespace stoa::order
