// Bytes as they were first written to disk: they stay decodable for ever, and give what they gave.
#include "actors/order/records.hpp"

#include <gtest/gtest.h>

#include "actors/payment/records.hpp"
#include "actors/shipping/records.hpp"
#include "tests/hex.hpp"

namespace stoa {
namespace {

const Uuid kId{0x0197a1b2c3d47e8f, 0x9a0b1c2d3e4f5061};

// What was written first, field by field. What it says today must be the same bytes, and read as the same record.
template <class R>
void expect_golden(const R& record, std::string_view golden) {
  EXPECT_EQ(hex(encode(record)), golden);
  const auto read = decode<R>(unhex(golden));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(to_json(*read), to_json(record));
}

TEST(OrderRecords, OfTheFirstVersionAreRead) {
  const ReservedLine line{0, {kId}, {kId}, "c", "Chair", {1000, "EUR"}, 2};
  OrderRecord r;
  r.id = {kId};
  r.order = {{kId},
             {kId},
             OrderStatus::kConfirmed,
             "why",
             {{{kId}, "c", "Chair", 2, Money{1000, "EUR"}, Money{2000, "EUR"}}},
             Money{2000, "EUR"},
             {"A", "S", "2", "T", "R", "1", "DE"},
             PaymentId{kId},
             {{kId}},
             {{1, Time{5}, "OrderPlaced", std::nullopt, OrderStatus::kPending},
              {2, Time{6}, "OrderConfirmed", OrderStatus::kPending, OrderStatus::kConfirmed}},
             2,
             Time{5}};
  r.barred = true;
  r.method = "tok_visa";
  r.product_slots = {3};
  r.held = {line};
  r.ready = DecideOrder{{kId}, true, "c", "d", {{"/lines", "x", "y"}}, {line}, {3}};
  r.payment_facts = {1};
  r.shipment_facts = {2};
  r.early = {{{kId}, ShipmentStatus::kInTransit, 1}};
  r.paid = PaymentStatus::kAuthorized;
  expect_golden(r,
                "0a100197a1b2c3d47e8f9a0b1c2d3e4f506112d6010a100197a1b2c3d47e8f9a0b1c2d3e4f506112100197a1b2c3d47e8f9a"
                "0b1c2d3e4f5061180122037768792a320a100197a1b2c3d47e8f9a0b1c2d3e4f50611201631a05436861697220042a0808d0"
                "0f1203455552320808a01f1203455552320808a01f12034555523a160a01411201531a01322201542a01523201313a024445"
                "42100197a1b2c3d47e8f9a0b1c2d3e4f50614a100197a1b2c3d47e8f9a0b1c2d3e4f506152110802100a1a0b4f7264657250"
                "6c6163656452180804100c1a0e4f72646572436f6e6669726d6564200028015804600a18012208746f6b5f76697361280332"
                "3a12100197a1b2c3d47e8f9a0b1c2d3e4f50611a100197a1b2c3d47e8f9a0b1c2d3e4f50612201632a054368616972320808"
                "d00f120345555238043a680a100197a1b2c3d47e8f9a0b1c2d3e4f506110011a01632201642a0e0a062f6c696e6573120178"
                "1a0179323a12100197a1b2c3d47e8f9a0b1c2d3e4f50611a100197a1b2c3d47e8f9a0b1c2d3e4f50612201632a0543686169"
                "72320808d00f1203455552380438034002480452160a100197a1b2c3d47e8f9a0b1c2d3e4f5061100118025801");
}

TEST(CustomerOrders, OfTheFirstVersionAreRead) {
  expect_golden(CustomerOrder{{kId}, {kId}},
                "0a100197a1b2c3d47e8f9a0b1c2d3e4f506112100197a1b2c3d47e8f9a0b1c2d3e4f5061");
}

TEST(PaymentRecords, OfTheFirstVersionAreRead) {
  PaymentRecord r;
  r.id = kId;
  r.payment = {{kId},
               {kId},
               PaymentStatus::kCaptured,
               "tok_visa",
               {2000, "EUR"},
               {1500, "EUR"},
               {0, "EUR"},
               {{1, Time{5}, "customer", {-2000, "EUR"}, "authorize"}}};
  r.customer_id = {kId};
  r.known = true;
  r.cancelled = true;
  r.changes = 3;
  expect_golden(r,
                "0a100197a1b2c3d47e8f9a0b1c2d3e4f506112700a100197a1b2c3d47e8f9a0b1c2d3e4f506112100197a1b2c3d47e8f9a0b"
                "1c2d3e4f506118042208746f6b5f766973612a0808a01f1203455552320808b81712034555523a0512034555524223080210"
                "0a1a08637573746f6d65722208089f1f12034555522a09617574686f72697a651a100197a1b2c3d47e8f9a0b1c2d3e4f5061"
                "200128013006");
}

TEST(ShipmentRecords, OfTheFirstVersionAreRead) {
  ShipmentRecord r;
  r.id = kId;
  r.shipment = {{kId}, {kId}, ShipmentStatus::kInTransit, {{ShipmentStatus::kInTransit, "Ulm", Time{7}, Time{8}}}};
  r.customer_id = {kId};
  r.known = true;
  r.cancelled = true;
  r.changes = 1;
  r.path = {ShipmentStatus::kBooked, ShipmentStatus::kInTransit};
  r.moved_at = Time{7};
  expect_golden(r,
                "0a100197a1b2c3d47e8f9a0b1c2d3e4f506112330a100197a1b2c3d47e8f9a0b1c2d3e4f506112100197a1b2c3d47e8f9a0b"
                "1c2d3e4f50611801220b08011203556c6d180e20101a100197a1b2c3d47e8f9a0b1c2d3e4f50612001280130023800380140"
                "0e");
}

}  // namespace
}  // namespace stoa
