#include "actors/order/rules.hpp"

#include <algorithm>

#include "actors/order/compensation.hpp"
#include "actors/order/facts.hpp"
#include "actors/order/history.hpp"
#include "actors/order/records.hpp"
#include "actors/service_number.hpp"

namespace stoa::order {
namespace {

Outcome shown(Outcome outcome, const Order& order) {
  return std::move(outcome).at(order.id.text()).tagged(std::to_string(order.version));
}

void freeze(OrderRecord& r, const std::vector<ReservedLine>& lines) {
  r.held = lines;
  r.order.lines.clear();
  Money total{0, lines.front().unit_price.currency};
  for (const ReservedLine& l : lines) {
    const auto line_total = times(l.unit_price, l.quantity);
    STOA_CHECK(line_total.has_value(), "10^12 a piece, 1,000 pieces, 100 lines fit 64 bits");
    total = *add(total, *line_total);
    r.order.lines.push_back({l.product_id, l.sku, l.name, l.quantity, l.unit_price, *line_total});
  }
  r.order.total = total;
}

void reject(OrderRecord& r, const std::string& code, Transaction& tx) {
  move(r.order, OrderStatus::kRejected, "OrderRejected", tx.now());
  r.order.reason = code;
  r.order.payment_id.reset();
  r.ready.reset();
  tx.close_saga(r.id.uuid);
  release_everything(r, tx);
}

void confirm(OrderRecord& r, const DecideOrder& c, Transaction& tx) {
  freeze(r, c.lines);
  r.product_slots = c.product_slots;
  r.ready.reset();
  r.order.payment_id = payment_of(r.id);
  r.order.shipment_ids = {shipment_of(r.id)};
  move(r.order, OrderStatus::kConfirmed, "OrderConfirmed", tx.now());
  tx.close_saga(r.id.uuid);
  for (const uint32_t slot : r.product_slots) {
    tx.send(service_number::product, static_cast<Slot>(slot), CommitReservation{r.id});
  }
}

// Refusals that a client is told as such; any other end of placing is told by the order itself.
bool is_told(const std::string& code) {
  return code == kOutOfStock.code || code == kUnknownProduct.code || code == kCurrencyMismatch.code ||
         code == kPaymentDeclined.code || code == kValidationFailed.code;
}

}  // namespace

Outcome place(const PlaceOrder& c, const Call& call, Transaction& tx) {
  if (tx.find<OrderRecord>(c.id)) return refuse(kUnavailable, "the order was given up before it began");
  OrderRecord r;
  r.id = c.id;
  r.method = c.payment.method;
  r.order.id = c.id;
  r.order.customer_id = c.customer_id;
  r.order.shipping_address = c.shipping_address;
  r.order.created_at = tx.now();
  r.order.version = 1;
  r.order.history.push_back({1, tx.now(), "OrderPlaced", std::nullopt, OrderStatus::kPending});
  for (const OrderItem& item : c.lines) {
    r.order.lines.push_back({item.product_id, {}, {}, item.quantity, {}, {}});
    const uint32_t slot = item.product_id.slot();
    if (std::find(r.product_slots.begin(), r.product_slots.end(), slot) == r.product_slots.end()) {
      r.product_slots.push_back(slot);
    }
  }
  tx.put(r);
  tx.put(CustomerOrder{c.customer_id, c.id});
  PlaceOrder asks = c;
  asks.shipping_address = {};  // the plan asks nobody about it
  SagaRow saga;
  saga.id = c.id.uuid;
  saga.kind = "place";
  saga.payload = encode(asks);
  saga.begun = tx.now();
  saga.trace_id = call.trace_id;
  saga.until = after(tx.now(), kDecideWithinMs);
  tx.open_saga(saga);
  return Outcome::later(c.id.uuid);
}

Outcome decide(const DecideOrder& c, const Call&, Transaction& tx) {
  auto r = tx.find<OrderRecord>(c.id);
  if (!r || r->order.status != OrderStatus::kPending) return no_content();  // decided already: the first stands
  if (c.confirm) {
    confirm(*r, c, tx);
    tx.answer(c.id.uuid, shown(created(r->order), r->order));
  } else {
    reject(*r, c.code, tx);
    tx.answer(c.id.uuid, is_told(c.code) ? refuse({c.code}, c.detail, c.errors) : shown(accepted(r->order), r->order));
  }
  catch_up(*r, tx);
  tx.put(*r);
  return no_content();
}

Outcome await_payment(const AwaitPayment& c, const Call& call, Transaction& tx) {
  auto r = tx.find<OrderRecord>(c.ready.id);
  auto saga = tx.find<SagaRow>(c.ready.id.uuid);
  if (!r || !saga || r->order.status != OrderStatus::kPending || r->ready) return no_content();
  r->ready = c.ready;
  r->order.payment_id = payment_of(r->id);
  note(r->order, "PaymentRequiresAction", tx.now());
  tx.put(*r);
  saga->waits = true;
  saga->until = after(saga->begun, kConfirmPaymentWithinMs);
  tx.open_saga(*saga);
  tx.answer(r->id.uuid, shown(accepted(r->order), r->order));
  return r->paid ? decide_ready(*r, call, tx) : no_content();
}

Outcome decide_ready(const OrderRecord& r, const Call& call, Transaction& tx) {
  DecideOrder decision = *r.ready;
  if (r.paid != PaymentStatus::kAuthorized && r.paid != PaymentStatus::kCaptured) {
    decision.confirm = false;
    decision.code = kPaymentDeclined.code;
    decision.detail = "the payment was declined";
  }
  return decide(decision, call, tx);
}

Outcome expire(const ExpireOrder& c, const Call&, Transaction& tx) {
  auto r = tx.find<OrderRecord>(c.id);
  if (!r || r->order.status != OrderStatus::kPending) return no_content();
  reject(*r, "timed_out", tx);
  tx.answer(c.id.uuid, shown(accepted(r->order), r->order));
  catch_up(*r, tx);
  tx.put(*r);
  return no_content();
}

Outcome cancel(const CancelOrder& c, const Call& call, Transaction& tx) {
  auto r = tx.find<OrderRecord>(c.id);
  const bool may = r && !r->barred && (call.caller.is(UserRole::kAdmin) || r->order.customer_id == call.caller.user);
  if (!may) return refuse(kNotFound, "there is no such order");
  const OrderStatus from = r->order.status;
  if (!legal(from, OrderStatus::kCancelled)) {
    return refuse(kIllegalTransition, "an order that is " + std::string(name_of(from)) + " cannot be cancelled");
  }
  const char* reason = call.caller.is(UserRole::kAdmin) ? "cancelled_by_admin" : "cancelled_by_customer";
  if (from == OrderStatus::kPending) {
    move(r->order, OrderStatus::kCancelled, "OrderCancelled", tx.now());
    r->order.reason = reason;
    r->order.payment_id.reset();
    r->ready.reset();
    tx.close_saga(r->id.uuid);
    release_everything(*r, tx);
    tx.answer(r->id.uuid, shown(accepted(r->order), r->order));
    catch_up(*r, tx);
  } else {
    take_back(*r, reason, tx);
  }
  tx.put(*r);
  return shown(ok(r->order), r->order);
}

const StateMachine& machine() {
  static const StateMachine kMachine{"order",
                                     "pending",
                                     {{"pending", "confirm", "confirmed"},
                                      {"pending", "reject", "rejected"},
                                      {"pending", "cancel", "cancelled"},
                                      {"confirmed", "ship", "shipped"},
                                      {"confirmed", "cancel", "cancelled"},
                                      {"shipped", "deliver", "delivered"},
                                      {"delivered", "return", "returned"}}};
  return kMachine;
}

bool legal(OrderStatus from, OrderStatus to) {
  const auto& steps = machine().transitions;
  return std::any_of(steps.begin(), steps.end(),
                     [&](const Transition& t) { return t.from == name_of(from) && t.to == name_of(to); });
}

}  // namespace stoa::order
