// Every change of an order goes through here, so that its history has no gap and its status only legal steps.
#pragma once

#include "actors/order/records.hpp"
#include "base/check.hpp"

namespace stoa::order {

// Whether the table of states has such a step.
bool legal(OrderStatus from, OrderStatus to);

// Appends an event that moves the order. REQUIRES a legal step.
inline void move(Order& order, OrderStatus to, std::string event, Time at) {
  STOA_CHECK(legal(order.status, to), "an order moves by its table of states");
  order.history.push_back({static_cast<int64_t>(order.history.size()) + 1, at, std::move(event), order.status, to});
  order.status = to;
  ++order.version;
}

// Appends an event that moves nothing.
inline void note(Order& order, std::string event, Time at) {
  order.history.push_back(
      {static_cast<int64_t>(order.history.size()) + 1, at, std::move(event), order.status, order.status});
  ++order.version;
}

}  // namespace stoa::order
