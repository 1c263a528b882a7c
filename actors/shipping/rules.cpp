#include "actors/shipping/rules.hpp"

#include <algorithm>

#include "actors/runtime/invariant.hpp"
#include "actors/shipping/records.hpp"

namespace stoa::shipping {
namespace {

ShipmentRecord record_of(const Reader& reader, const Uuid& id) {
  auto record = reader.find<ShipmentRecord>(id);
  if (record) return std::move(*record);
  ShipmentRecord fresh;
  fresh.id = id;
  return fresh;
}

bool legal(ShipmentStatus from, ShipmentStatus to) {
  const auto& steps = machine().transitions;
  return std::any_of(steps.begin(), steps.end(),
                     [&](const Transition& t) { return t.from == name_of(from) && t.to == name_of(to); });
}

bool has_been(const ShipmentRecord& r, ShipmentStatus status) {
  return std::find(r.path.begin(), r.path.end(), status) != r.path.end();
}

void move(ShipmentRecord& r, ShipmentStatus to, Transaction& tx) {
  r.shipment.status = to;
  r.path.push_back(to);
  tx.emit(r.id.slot(), ShipmentChanged{r.shipment.order_id, to, ++r.changes});
}

// The same event told twice: a carrier that heard no answer asks again.
bool has_heard(const ShipmentRecord& r, const AddTracking& c) {
  const auto& tracking = r.shipment.tracking;
  return std::any_of(tracking.begin(), tracking.end(), [&](const TrackingEvent& e) {
    return e.status == c.status && e.location == c.location && e.occurred_at == c.occurred_at;
  });
}

Outcome no_such_shipment() { return refuse(kNotFound, "there is no such shipment"); }

}  // namespace

Outcome book(const BookShipment& c, const Call&, Transaction& tx) {
  ShipmentRecord r = record_of(tx, c.order_id.uuid);
  if (r.cancelled) return refuse(kShipmentCancelled, "the order was given up");
  if (!r.known) {
    r.known = true;
    r.customer_id = c.customer_id;
    r.shipment.id = shipment_of(c.order_id);
    r.shipment.order_id = c.order_id;
    r.path = {ShipmentStatus::kBooked};
    tx.put(r);
  }
  return reply(ShipmentBooked{r.shipment.id});
}

Outcome cancel_booking(const CancelBooking& c, const Call&, Transaction& tx) {
  ShipmentRecord r = record_of(tx, c.order_id.uuid);
  if (r.cancelled) return no_content();
  r.cancelled = true;
  if (r.known && r.shipment.status == ShipmentStatus::kBooked) move(r, ShipmentStatus::kCancelled, tx);
  tx.put(r);
  return no_content();
}

std::vector<FieldError> faults_of(const AddTracking& c) {
  if (c.status != ShipmentStatus::kBooked && c.status != ShipmentStatus::kCancelled) return {};
  return {{"/status", "invalid_value", "must be in_transit, delivered, failed_attempt or returned"}};
}

Outcome add_tracking(const AddTracking& c, const Call&, Transaction& tx) {
  if (auto faults = faults_of(c); !faults.empty()) {
    return refuse(kValidationFailed, "a carrier does not decide that", std::move(faults));
  }
  ShipmentRecord r = record_of(tx, c.id.uuid);
  if (!r.known) return no_such_shipment();
  if (r.shipment.tracking.size() >= kMaxTracking) return refuse(kValidationFailed, "the shipment has too many events");
  const bool late = c.occurred_at < r.moved_at;
  const bool repeated = has_heard(r, c);
  if (!late && !repeated && legal(r.shipment.status, c.status)) {
    move(r, c.status, tx);
    r.moved_at = c.occurred_at;
  } else if (!late && !has_been(r, c.status)) {
    return refuse(kIllegalTransition, "a shipment that is " + std::string(name_of(r.shipment.status)) +
                                          " cannot become " + std::string(name_of(c.status)));
  }
  r.shipment.tracking.push_back({c.status, c.location, c.occurred_at, tx.now()});
  tx.put(r);
  return created(r.shipment);
}

Outcome get(const GetShipment& q, const Call& call, const Reader& reader) {
  const auto r = reader.find<ShipmentRecord>(q.id.uuid);
  const bool all = call.caller.is(UserRole::kAdmin) || call.caller.is(UserRole::kCarrier);
  if (!r || !r->known || (!all && r->customer_id != call.caller.user)) return no_such_shipment();
  return ok(r->shipment);
}

const StateMachine& machine() {
  static const StateMachine kMachine{"shipment",
                                     "booked",
                                     {{"booked", "pick_up", "in_transit"},
                                      {"booked", "cancel", "cancelled"},
                                      {"in_transit", "deliver", "delivered"},
                                      {"in_transit", "fail_attempt", "failed_attempt"},
                                      {"failed_attempt", "try_again", "in_transit"},
                                      {"failed_attempt", "return", "returned"},
                                      {"delivered", "return", "returned"}}};
  return kMachine;
}

Uuid check_shipments(const Reader& reader, Uuid from, std::vector<std::string>& violations) {
  return check_each<ShipmentRecord>(reader, from, violations, [&](const ShipmentRecord& r) {
    if (!r.known) return;
    const std::string who = r.shipment.id.text();
    if (r.path.empty() || r.path.front() != ShipmentStatus::kBooked || r.path.back() != r.shipment.status) {
      violations.push_back(who + ": its status is not where its path ends");
    }
    for (size_t i = 1; i < r.path.size(); ++i) {
      if (!legal(r.path[i - 1], r.path[i])) violations.push_back(who + ": took an illegal step");
    }
  });
}

}  // namespace stoa::shipping
