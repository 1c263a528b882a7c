#include "actors/order/history.hpp"
#include "actors/order/records.hpp"
#include "actors/order/rules.hpp"
#include "actors/runtime/invariant.hpp"

namespace stoa::order {

Outcome get(const GetOrder& q, const Call& call, const Reader& reader) {
  const auto r = reader.find<OrderRecord>(q.id);
  const bool may = r && !r->barred && (call.caller.is(UserRole::kAdmin) || r->order.customer_id == call.caller.user);
  if (!may) return refuse(kNotFound, "there is no such order");
  return ok(r->order).tagged(std::to_string(r->order.version));
}

Outcome list(const ListOrders& q, const Call&, const Reader& reader) {
  Page page;
  const auto take = [&](const CustomerOrder& row) {
    const auto r = reader.find<OrderRecord>(row.order_id);
    STOA_CHECK(r.has_value(), "an order stands behind its customer's row");
    page.items.push_back({row.order_id.uuid.bytes(), row.order_id.uuid.bytes(), to_json(r->order)});
    return static_cast<int64_t>(page.items.size()) < q.page.limit;
  };
  const auto after = Uuid::from_bytes(q.page.after_id);
  if (after) {
    reader.scan_after<CustomerOrder>(q.customer_id, std::make_tuple(q.customer_id, OrderId{*after}), true, take);
  } else {
    reader.scan<CustomerOrder>(q.customer_id, true, take);
  }
  return reply(page);
}

Outcome progress(const Uuid& order, const Reader& reader) {
  const auto r = reader.find<OrderRecord>(OrderId{order});
  STOA_CHECK(r.has_value(), "whoever waits for an order has placed it");
  return accepted(r->order).at(r->id.text()).tagged(std::to_string(r->order.version));
}

// An order is pending as long as its saga is open. Both ways, from the few that are either: nearly all orders are
// neither.
Uuid check_orders(const Reader& reader, Uuid from, std::vector<std::string>& violations) {
  const Uuid orders = check_each<OrderOutline>(reader, from, violations, [&](const OrderOutline& r) {
    if (r.barred) return;
    const OrderStatus status = r.order.status;
    const bool pending = status == OrderStatus::kPending;
    const bool sold = !pending && status != OrderStatus::kRejected && status != OrderStatus::kCancelled;
    if (pending && !reader.find<SagaRow>(r.id.uuid)) violations.push_back(r.id.text() + ": pending without a saga");
    if (sold && (!r.order.payment_id || r.order.shipment_ids.empty())) {
      violations.push_back(r.id.text() + ": confirmed without payment or shipment");
    }
  });
  const Uuid sagas = check_each<SagaRow>(reader, from, violations, [&](const SagaRow& saga) {
    const auto order = reader.find<OrderOutline>(saga.id);
    if (!order || order->barred || order->order.status != OrderStatus::kPending) {
      violations.push_back(OrderId{saga.id}.text() + ": not pending, and its saga is open");
    }
  });
  return std::min(orders, sagas);
}

Uuid check_history(const Reader& reader, Uuid from, std::vector<std::string>& violations) {
  return check_each<OrderOutline>(reader, from, violations, [&](const OrderOutline& r) {
    int64_t seq = 0;
    for (const HistoryOutline& e : r.order.history) {
      if (e.seq != ++seq) violations.push_back(r.id.text() + ": its history has a gap at " + std::to_string(seq));
    }
  });
}

}  // namespace stoa::order
