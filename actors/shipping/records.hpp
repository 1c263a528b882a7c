// What the shipping service stores.
#pragma once

#include "actors/shipping/types.hpp"
#include "storage/key.hpp"

namespace stoa {

// A shipment, or only the tombstone of one: `cancelled` before there was anything to cancel.
struct ShipmentRecord {
  static constexpr Table kTable = 1;
  Uuid id;  // of order and shipment
  Shipment shipment;
  UserId customer_id;
  bool known = false;                // it was booked
  bool cancelled = false;            // the order was given up: nothing may be booked any more
  int64_t changes = 0;               // facts told so far
  std::vector<ShipmentStatus> path;  // every status it ever had, in order
  Time moved_at;                     // when the carrier says that it last moved; {0}: never

  Uuid key() const { return id; }
};
template <class V>
void fields(V& v, ShipmentRecord& x) {
  v(1, "id", x.id);
  v(2, "shipment", x.shipment);
  v(3, "customer_id", x.customer_id);
  v(4, "known", x.known);
  v(5, "cancelled", x.cancelled);
  v(6, "changes", x.changes);
  v(7, "path", x.path);
  v(8, "moved_at", x.moved_at);
}

}  // namespace stoa
