// What facts of payment, shipping and stock do to an order. Each is exactly once in effect: its seq is remembered.
#include <algorithm>

#include "actors/order/compensation.hpp"
#include "actors/order/facts.hpp"
#include "actors/order/history.hpp"
#include "actors/order/records.hpp"
#include "actors/order/rules.hpp"
#include "actors/service_number.hpp"

namespace stoa::order {
namespace {

// False when it was noted before.
bool first_time(std::vector<int64_t>& noted, int64_t seq) {
  if (std::find(noted.begin(), noted.end(), seq) != noted.end()) return false;
  noted.push_back(seq);
  return true;
}

const char* event_of(PaymentStatus status) {
  switch (status) {
    case PaymentStatus::kAuthorized:
      return "PaymentAuthorized";
    case PaymentStatus::kDeclined:
      return "PaymentDeclined";
    case PaymentStatus::kCaptured:
      return "PaymentCaptured";
    case PaymentStatus::kVoided:
      return "PaymentVoided";
    case PaymentStatus::kPartiallyRefunded:
      return "PaymentPartiallyRefunded";
    case PaymentStatus::kRefunded:
      return "PaymentRefunded";
    case PaymentStatus::kPending:
    case PaymentStatus::kRequiresAction:
      break;
  }
  return "PaymentChanged";
}

const char* event_of(ShipmentStatus status) {
  switch (status) {
    case ShipmentStatus::kInTransit:
      return "ShipmentInTransit";
    case ShipmentStatus::kDelivered:
      return "ShipmentDelivered";
    case ShipmentStatus::kFailedAttempt:
      return "ShipmentFailedAttempt";
    case ShipmentStatus::kReturned:
      return "ShipmentReturned";
    case ShipmentStatus::kCancelled:
      return "ShipmentCancelled";
    case ShipmentStatus::kBooked:
      break;
  }
  return "ShipmentChanged";
}

// Nothing is held or kept of the payment any more, so the order cannot stay confirmed.
bool is_lost(PaymentStatus status) {
  return status == PaymentStatus::kVoided || status == PaymentStatus::kRefunded || status == PaymentStatus::kDeclined;
}

}  // namespace

void apply_shipment(OrderRecord& r, const ShipmentChanged& fact, Transaction& tx) {
  Order& order = r.order;
  const bool on_its_way = fact.status == ShipmentStatus::kInTransit || fact.status == ShipmentStatus::kDelivered;
  const bool ships = on_its_way && order.status == OrderStatus::kConfirmed;
  if (ships) {
    // Facts may overtake one another: delivered implies that it was on its way.
    move(order, OrderStatus::kShipped, "ShipmentInTransit", tx.now());
    tx.send(service_number::payment, r.id.slot(), CaptureForShipment{r.id});
  }
  if (fact.status == ShipmentStatus::kDelivered && order.status == OrderStatus::kShipped) {
    move(order, OrderStatus::kDelivered, "ShipmentDelivered", tx.now());
  } else if (!ships) {
    note(order, event_of(fact.status), tx.now());
  }
  if (fact.status == ShipmentStatus::kCancelled && order.status == OrderStatus::kConfirmed) {
    take_back(r, "shipment_cancelled", tx);
  }
}

void catch_up(OrderRecord& r, Transaction& tx) {
  for (const ShipmentChanged& fact : r.early) apply_shipment(r, fact, tx);
  r.early.clear();
  if (r.paid && is_lost(*r.paid) && r.order.status == OrderStatus::kConfirmed) take_back(r, "payment_lost", tx);
}

Outcome note_payment(const NotePayment& c, const Call& call, Transaction& tx) {
  auto r = tx.find<OrderRecord>(c.fact.order_id);
  if (!r || r->barred || !first_time(r->payment_facts, c.fact.seq)) return no_content();
  note(r->order, event_of(c.fact.status), tx.now());
  const auto newest = std::max_element(r->payment_facts.begin(), r->payment_facts.end());
  if (*newest == c.fact.seq) r->paid = c.fact.status;
  if (r->order.status != OrderStatus::kPending) catch_up(*r, tx);
  tx.put(*r);
  const bool awaited = r->ready && r->order.status == OrderStatus::kPending;
  return awaited ? decide_ready(*r, call, tx) : no_content();
}

Outcome note_shipment(const NoteShipment& c, const Call&, Transaction& tx) {
  auto r = tx.find<OrderRecord>(c.fact.order_id);
  if (!r || r->barred || !first_time(r->shipment_facts, c.fact.seq)) return no_content();
  if (r->order.status == OrderStatus::kPending) {
    r->early.push_back(c.fact);
  } else {
    apply_shipment(*r, c.fact, tx);
  }
  tx.put(*r);
  return no_content();
}

Outcome note_overdue(const NoteOverdue& c, const Call&, Transaction& tx) {
  auto r = tx.find<OrderRecord>(c.fact.order_id);
  if (!r) {
    // Never heard of: it may not begin any more, and what is held for it is free.
    OrderRecord tombstone;
    tombstone.id = c.fact.order_id;
    tombstone.barred = true;
    tx.put(tombstone);
    tx.send(service_number::product, c.fact.product_slot, ReleaseReservation{c.fact.order_id});
    return no_content();
  }
  const bool ended = r->barred || r->order.status == OrderStatus::kRejected;
  const bool cancelled_early = r->order.status == OrderStatus::kCancelled && r->held.empty();
  if (ended || cancelled_early) {
    tx.send(service_number::product, c.fact.product_slot, ReleaseReservation{r->id});
  } else if (r->order.status != OrderStatus::kPending) {
    tx.send(service_number::product, c.fact.product_slot, CommitReservation{r->id});
  }
  return no_content();
}

}  // namespace stoa::order
