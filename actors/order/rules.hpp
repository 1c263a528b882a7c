// The business of orders: placing (a saga, see saga.hpp), the decision, cancelling, and what facts of payment and
// shipment do to an order. The order's shard alone writes an order's history.
#pragma once

#include "actors/order/decisions.hpp"
#include "actors/order/types.hpp"
#include "actors/runtime/state_machine.hpp"
#include "base/call.hpp"
#include "storage/transaction.hpp"

namespace stoa::order {

constexpr int64_t kDecideWithinMs = 60'000;           // else the order is rejected
constexpr int64_t kConfirmPaymentWithinMs = 900'000;  // contract §4, tok_3ds

// ---- rules.cpp
Outcome place(const PlaceOrder& c, const Call& call, Transaction& tx);
Outcome decide(const DecideOrder& c, const Call& call, Transaction& tx);
Outcome await_payment(const AwaitPayment& c, const Call& call, Transaction& tx);
Outcome expire(const ExpireOrder& c, const Call& call, Transaction& tx);
Outcome cancel(const CancelOrder& c, const Call& call, Transaction& tx);

// ---- rules_facts.cpp
Outcome note_payment(const NotePayment& c, const Call& call, Transaction& tx);
Outcome note_shipment(const NoteShipment& c, const Call& call, Transaction& tx);
Outcome note_overdue(const NoteOverdue& c, const Call& call, Transaction& tx);

// ---- queries.cpp
Outcome get(const GetOrder& q, const Call& call, const Reader& reader);
Outcome list(const ListOrders& q, const Call& call, const Reader& reader);
Outcome progress(const Uuid& order, const Reader& reader);
// See runtime/invariant.hpp.
Uuid check_orders(const Reader& reader, Uuid from, std::vector<std::string>& violations);   // I3
Uuid check_history(const Reader& reader, Uuid from, std::vector<std::string>& violations);  // I6

const StateMachine& machine();

}  // namespace stoa::order
