// What tests of the shipping service begin with: a shard, and a customer with an order to ship.
#pragma once

#include <string>
#include <vector>

#include "actors/shipping/records.hpp"
#include "actors/shipping/rules.hpp"
#include "tests/actors/rules_fixture.hpp"

namespace stoa::shipping {

struct Dock : RulesFixture {
  using RulesFixture::RulesFixture;

  UserId customer = UserId::mint(now, 3, random);
  UserId carrier = UserId::mint(now, 4, random);
  OrderId order = OrderId::mint(now, 3, random);

  Outcome booked() { return run(book, BookShipment{order, customer}); }
  // The carrier reports, `minutes` after the beginning.
  Outcome report(ShipmentStatus status, int64_t minutes) {
    return run(add_tracking, AddTracking{shipment_of(order), status, "Ulm", after(began, minutes * 60'000)},
               call_by(UserRole::kCarrier, carrier));
  }

  ShipmentRecord stored() const { return find<ShipmentRecord>(order.uuid).value_or(ShipmentRecord{}); }
  ShipmentStatus status() const { return stored().shipment.status; }
  std::vector<ShipmentStatus> told() const {
    std::vector<ShipmentStatus> all;
    for (const auto& fact : emitted<ShipmentChanged>()) all.push_back(fact.status);
    return all;
  }
  std::vector<std::string> violations() const {
    std::vector<std::string> found;
    check_shipments(reader(), Uuid{}, found);
    return found;
  }

  const Time began = now;
};

}  // namespace stoa::shipping
