// What the order service stores.
#pragma once

#include <tuple>

#include "actors/order/decisions.hpp"
#include "storage/key.hpp"

namespace stoa {

// An order, or only the tombstone of one: `barred` before it was ever placed, so that it can never begin.
struct OrderRecord {
  static constexpr Table kTable = 1;
  OrderId id;
  Order order;
  bool barred = false;
  std::string method;                   // of payment
  std::vector<uint32_t> product_slots;  // one for each shard that may hold something for it
  std::vector<ReservedLine> held;       // as confirmed, for bringing stock back
  std::optional<DecideOrder> ready;     // waits for the customer to confirm the payment
  std::vector<int64_t> payment_facts;   // seqs that were noted
  std::vector<int64_t> shipment_facts;  // likewise
  std::vector<ShipmentChanged> early;   // facts of the shipment that came before the decision
  std::optional<PaymentStatus> paid;    // as the newest fact of the payment says

  OrderId key() const { return id; }
};
template <class V>
void fields(V& v, OrderRecord& x) {
  v(1, "id", x.id);
  v(2, "order", x.order);
  v(3, "barred", x.barred);
  v(4, "method", x.method);
  v(5, "product_slots", x.product_slots);
  v(6, "held", x.held);
  v(7, "ready", x.ready);
  v(8, "payment_facts", x.payment_facts);
  v(9, "shipment_facts", x.shipment_facts);
  v(10, "early", x.early);
  v(11, "paid", x.paid);
}

// What invariants look at of an OrderRecord: some of its fields, so that reading it skips the rest.
struct HistoryOutline {
  int64_t seq = 0;
};
template <class V>
void fields(V& v, HistoryOutline& x) {
  v(1, "seq", x.seq);
}
struct PlacedOutline {
  OrderStatus status = OrderStatus::kPending;
  std::optional<PaymentId> payment_id;
  std::vector<ShipmentId> shipment_ids;
  std::vector<HistoryOutline> history;
};
template <class V>
void fields(V& v, PlacedOutline& x) {
  v(3, "status", x.status);
  v(8, "payment_id", x.payment_id);
  v(9, "shipment_ids", x.shipment_ids);
  v(10, "history", x.history);
}
struct OrderOutline {
  static constexpr Table kTable = OrderRecord::kTable;
  OrderId id;
  PlacedOutline order;
  bool barred = false;

  Uuid key() const { return id.uuid; }
};
template <class V>
void fields(V& v, OrderOutline& x) {
  v(1, "id", x.id);
  v(2, "order", x.order);
  v(3, "barred", x.barred);
}

// A customer's orders in the order of their making.
struct CustomerOrder {
  static constexpr Table kTable = 2;
  UserId customer_id;
  OrderId order_id;

  std::tuple<UserId, OrderId> key() const { return {customer_id, order_id}; }
};
template <class V>
void fields(V& v, CustomerOrder& x) {
  v(1, "customer_id", x.customer_id);
  v(2, "order_id", x.order_id);
}

}  // namespace stoa
