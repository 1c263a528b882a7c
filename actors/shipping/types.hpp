// What others may know of the shipping service: shipments as clients see them, commands, facts and refusals.
//
// A shipment belongs to one order and carries the order's uuid under its own prefix.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/outcome.hpp"
#include "base/record.hpp"

namespace stoa {

enum class ShipmentStatus : uint8_t {
  kBooked = 0,
  kInTransit = 1,
  kDelivered = 2,
  kFailedAttempt = 3,
  kReturned = 4,
  kCancelled = 5,
};
inline constexpr EnumName<ShipmentStatus> kShipmentStatusNames[] = {
    {ShipmentStatus::kBooked, "booked"},       {ShipmentStatus::kInTransit, "in_transit"},
    {ShipmentStatus::kDelivered, "delivered"}, {ShipmentStatus::kFailedAttempt, "failed_attempt"},
    {ShipmentStatus::kReturned, "returned"},   {ShipmentStatus::kCancelled, "cancelled"}};
constexpr auto enum_names(ShipmentStatus) { return EnumNames<ShipmentStatus>(kShipmentStatusNames); }

struct TrackingEvent {
  ShipmentStatus status = ShipmentStatus::kBooked;
  std::string location;
  Time occurred_at;  // as the carrier says
  Time recorded_at;
};
template <class V>
void fields(V& v, TrackingEvent& x) {
  v(1, "status", x.status);
  v(2, "location", x.location);
  v(3, "occurred_at", x.occurred_at);
  v(4, "recorded_at", x.recorded_at);
}

struct Shipment {
  ShipmentId id;
  OrderId order_id;
  ShipmentStatus status = ShipmentStatus::kBooked;
  std::vector<TrackingEvent> tracking;
};
template <class V>
void fields(V& v, Shipment& x) {
  v(1, "id", x.id);
  v(2, "order_id", x.order_id);
  v(3, "status", x.status);
  v(4, "tracking", x.tracking);
}

inline ShipmentId shipment_of(OrderId order) { return ShipmentId{order.uuid}; }

// ---- What the order asks. Service callers only.

// Reply: ShipmentBooked. A repeat gets the same; after a cancel it is refused with kShipmentCancelled.
struct BookShipment {
  static constexpr std::string_view kName = "BookShipment";
  OrderId order_id;
  UserId customer_id;
};
template <class V>
void fields(V& v, BookShipment& x) {
  v(1, "order_id", x.order_id);
  v(2, "customer_id", x.customer_id);
}

struct ShipmentBooked {
  ShipmentId shipment_id;
};
template <class V>
void fields(V& v, ShipmentBooked& x) {
  v(1, "shipment_id", x.shipment_id);
}

// Nothing is to be shipped. Of an order not heard of it leaves a tombstone; what is on its way already goes on. A
// repeat does nothing.
struct CancelBooking {
  static constexpr std::string_view kName = "CancelBooking";
  OrderId order_id;
};
template <class V>
void fields(V& v, CancelBooking& x) {
  v(1, "order_id", x.order_id);
}

// ---- Commands and queries of clients.

struct AddTracking {
  static constexpr std::string_view kName = "AddTracking";
  ShipmentId id;
  ShipmentStatus status = ShipmentStatus::kBooked;
  std::string location;
  Time occurred_at;
};
template <class V>
void fields(V& v, AddTracking& x) {
  v(1, "id", x.id, kInternal);
  v(2, "status", x.status);
  v(3, "location", x.location, within(1, 200));
  v(4, "occurred_at", x.occurred_at);
}

struct GetShipment {
  static constexpr std::string_view kName = "GetShipment";
  ShipmentId id;
};
template <class V>
void fields(V& v, GetShipment& x) {
  v(1, "id", x.id);
}

// ---- Facts, to the order's slot.

struct ShipmentChanged {
  static constexpr std::string_view kName = "ShipmentChanged";
  OrderId order_id;
  ShipmentStatus status = ShipmentStatus::kBooked;
  int64_t seq = 0;  // rises with each change of this shipment
};
template <class V>
void fields(V& v, ShipmentChanged& x) {
  v(1, "order_id", x.order_id);
  v(2, "status", x.status);
  v(3, "seq", x.seq);
}

inline constexpr RefusalKind kShipmentCancelled{"shipment_cancelled"};  // between services: the order was given up

}  // namespace stoa
