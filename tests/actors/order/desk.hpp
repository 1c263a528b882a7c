// What tests of the order service begin with: a shard, a customer, and an order of two products on two shards.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "actors/order/records.hpp"
#include "actors/order/rules.hpp"
#include "actors/order/saga.hpp"
#include "actors/service_number.hpp"
#include "tests/actors/rules_fixture.hpp"

namespace stoa::order {

struct Desk : RulesFixture {
  using RulesFixture::RulesFixture;

  UserId customer = UserId::mint(now, 3, random);
  UserId merchant = UserId::mint(now, 4, random);
  Slot slot = slot_of_customer(customer);
  OrderId order = OrderId::mint(now, slot, random);
  ProductId chair = ProductId::mint(now, 10, random);
  ProductId table = ProductId::mint(now, 11, random);

  Call by_customer() const { return call_by(UserRole::kCustomer, customer); }
  Call by_admin() const { return call_by(UserRole::kAdmin, merchant); }
  Call by_other() const { return call_by(UserRole::kCustomer, merchant); }

  PlaceOrder wanted(const std::string& method = "tok_visa") const {
    PlaceOrder c;
    c.id = order;
    c.customer_id = customer;
    c.lines = {{chair, 2}, {table, 1}};
    c.shipping_address = {"A B", "Street 1", {}, "Town", {}, "1000", "DE"};
    c.payment.method = method;
    return c;
  }
  std::vector<ReservedLine> reserved() const {
    return {{0, chair, merchant, "c", "Chair", {1000, "EUR"}, 2}, {1, table, merchant, "t", "Table", {5000, "EUR"}, 1}};
  }
  DecideOrder confirmation() const {
    DecideOrder d;
    d.id = order;
    d.confirm = true;
    d.lines = reserved();
    d.product_slots = {chair.slot(), table.slot()};
    return d;
  }
  DecideOrder rejection(const std::string& code) const {
    DecideOrder d;
    d.id = order;
    d.code = code;
    d.detail = "because";
    d.product_slots = {chair.slot(), table.slot()};
    return d;
  }

  void placed(const std::string& method = "tok_visa") { (void)run(place, wanted(method), by_customer()); }
  void confirmed() {
    placed();
    must(decide, confirmation());
  }
  Outcome paid(PaymentStatus status, int64_t seq) { return run(note_payment, NotePayment{{order, status, seq}}); }
  Outcome shipped(ShipmentStatus status, int64_t seq) { return run(note_shipment, NoteShipment{{order, status, seq}}); }

  Order shown() const { return find<OrderRecord>(order)->order; }
  OrderStatus status() const { return shown().status; }
  bool open() const { return find<SagaRow>(order.uuid).has_value(); }
  std::string events() const {
    std::string all;
    for (const HistoryEntry& e : shown().history) (all += e.event) += ' ';
    return all;
  }
  std::vector<std::string> violations() const {
    std::vector<std::string> found;
    check_orders(reader(), Uuid{}, found);
    check_history(reader(), Uuid{}, found);
    return found;
  }
  // How many of each were sent: commit, release, return to product; cancel, capture to payment; cancel to shipping.
  struct Sent {
    size_t commits, releases, returns, voids, captures, cancels;
    friend bool operator==(const Sent& a, const Sent& b) {
      return a.commits == b.commits && a.releases == b.releases && a.returns == b.returns && a.voids == b.voids &&
             a.captures == b.captures && a.cancels == b.cancels;
    }
  };
  Sent counts() const {
    return {sent<CommitReservation>().size(), sent<ReleaseReservation>().size(), sent<ReturnStock>().size(),
            sent<CancelPayment>().size(),     sent<CaptureForShipment>().size(), sent<CancelBooking>().size()};
  }
};

inline const Desk::Sent kNothing{0, 0, 0, 0, 0, 0};
inline const Desk::Sent kCommitted{2, 0, 0, 0, 0, 0};
inline const Desk::Sent kReleased{0, 2, 0, 1, 0, 1};
inline const Desk::Sent kTakenBack{2, 0, 2, 1, 0, 1};

}  // namespace stoa::order
