// What a fact does to an order that is decided. Facts that come while it is pending are kept until then.
#pragma once

#include "actors/order/records.hpp"
#include "base/call.hpp"
#include "base/outcome.hpp"
#include "storage/transaction.hpp"

namespace stoa::order {

// Appends the fact, and moves the order where the table of states lets it. The caller puts the record.
void apply_shipment(OrderRecord& r, const ShipmentChanged& fact, Transaction& tx);

// Everything that was told while the order was pending, now that it is decided. The caller puts the record.
void catch_up(OrderRecord& r, Transaction& tx);

// Decides an order whose payment was awaited, by what is known of it. REQUIRES r.ready and r.paid.
Outcome decide_ready(const OrderRecord& r, const Call& call, Transaction& tx);

}  // namespace stoa::order
