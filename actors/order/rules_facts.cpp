// What facts of payment, shipping and stock do to an order. Each is exactly once in effect: its seq is remembered.
#include <algorithm>

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

}  // namespace

Outcome note_payment(const NotePayment& c, const Call& call, Transaction& tx) {
  auto r = tx.find<OrderRecord>(c.fact.order_id);
  if (!r || r->barred || !first_time(r->payment_facts, c.fact.seq)) return no_content();
  note(r->order, event_of(c.fact.status), tx.now());
  const std::optional<DecideOrder> ready = r->ready;
  tx.put(*r);
  if (!ready || r->order.status != OrderStatus::kPending) return no_content();
  DecideOrder decision = *ready;
  if (c.fact.status != PaymentStatus::kAuthorized) {
    decision.confirm = false;
    decision.code = kPaymentDeclined.code;
    decision.detail = "the payment was declined";
  }
  return decide(decision, call, tx);
}

Outcome note_shipment(const NoteShipment& c, const Call&, Transaction& tx) {
  auto r = tx.find<OrderRecord>(c.fact.order_id);
  if (!r || r->barred || !first_time(r->shipment_facts, c.fact.seq)) return no_content();
  Order& order = r->order;
  const bool on_its_way = c.fact.status == ShipmentStatus::kInTransit || c.fact.status == ShipmentStatus::kDelivered;
  const bool ships = on_its_way && order.status == OrderStatus::kConfirmed;
  if (ships) {
    // Facts may overtake one another: delivered implies that it was on its way.
    move(order, OrderStatus::kShipped, "ShipmentInTransit", tx.now());
    tx.send(service_number::payment, r->id.slot(), CaptureForShipment{r->id});
  }
  if (c.fact.status == ShipmentStatus::kDelivered && order.status == OrderStatus::kShipped) {
    move(order, OrderStatus::kDelivered, "ShipmentDelivered", tx.now());
  } else if (!ships) {
    note(order, event_of(c.fact.status), tx.now());
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
