// Bytes as they were first written to disk: they stay decodable for ever, and give what they gave.
#include "actors/product/records.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

const Uuid kId{0x0197a1b2c3d47e8f, 0x9a0b1c2d3e4f5061};

std::string bytes(std::string_view hex) {
  std::string out;
  for (size_t i = 0; i < hex.size(); i += 2)
    out.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return out;
}

// The record in those bytes, which must be what is written today, too.
template <class R>
R golden(std::string_view hex) {
  const auto record = decode<R>(bytes(hex));
  STOA_CHECK(record.has_value(), "old bytes decode");
  EXPECT_EQ(encode(*record), bytes(hex));
  return *record;
}

TEST(ProductRecords, OfTheFirstVersionAreRead) {
  const auto p = golden<ProductRecord>(
      "0a100197a1b2c3d47e8f9a0b1c2d3e4f506112100197a1b2c3d47e8f9a0b1c2d3e4f50611a03612d31220543686169722a00"
      "3208089e1f12034555523a016342060a016b12017648d8045080f086c2ee655882f086c2ee656001");
  EXPECT_EQ(p.id.uuid, kId);
  EXPECT_EQ(p.merchant_id.uuid, kId);
  EXPECT_EQ(p.sku + p.name + *p.description + *p.category, "a-1Chairc");
  EXPECT_EQ(p.price, (Money{1999, "EUR"}));
  EXPECT_EQ(p.attributes.at("k"), "v");
  EXPECT_EQ(p.version, 300);
  EXPECT_EQ(p.created_at, Time{1750000000000});
  EXPECT_EQ(p.updated_at, Time{1750000000001});
  EXPECT_TRUE(p.deleted);
}

TEST(SkuRecords, OfTheFirstVersionAreRead) {
  const auto s =
      golden<SkuRecord>("0a100197a1b2c3d47e8f9a0b1c2d3e4f50611203612d311a100197a1b2c3d47e8f9a0b1c2d3e4f5061");
  EXPECT_EQ(s.merchant_id.uuid, kId);
  EXPECT_EQ(s.sku, "a-1");
  EXPECT_EQ(s.product_id.uuid, kId);
}

TEST(StockRecords, OfTheFirstVersionAreRead) {
  const auto s = golden<StockRecord>("0a100197a1b2c3d47e8f9a0b1c2d3e4f5061100a1802200e2801300438024012");
  EXPECT_EQ(s.product_id.uuid, kId);
  EXPECT_EQ(s.on_hand, 5);
  EXPECT_EQ(s.reserved, 1);
  EXPECT_EQ(s.initial, 7);
  EXPECT_EQ(s.adjusted, -1);
  EXPECT_EQ(s.committed, 2);
  EXPECT_EQ(s.returned, 1);
  EXPECT_EQ(s.version, 9);
}

TEST(ReservationRecords, OfTheFirstVersionAreRead) {
  const auto r = golden<ReservationRecord>(
      "0a100197a1b2c3d47e8f9a0b1c2d3e4f506110021a3e080412100197a1b2c3d47e8f9a0b1c2d3e4f50611a100197a1b2c3d4"
      "7e8f9a0b1c2d3e4f50612203612d312a0543686169723208089e1f12034555523806");
  EXPECT_EQ(r.order_id.uuid, kId);
  EXPECT_EQ(r.state, ReservationState::kCommitted);
  ASSERT_EQ(r.lines.size(), 1u);
  EXPECT_EQ(r.lines[0].line, 2);
  EXPECT_EQ(r.lines[0].sku + r.lines[0].name, "a-1Chair");
  EXPECT_EQ(r.lines[0].unit_price, (Money{1999, "EUR"}));
  EXPECT_EQ(r.lines[0].quantity, 3);
}

TEST(ReturnRecords, OfTheFirstVersionAreRead) {
  const auto r = golden<ReturnRecord>("0a100197a1b2c3d47e8f9a0b1c2d3e4f506112100197a1b2c3d47e8f9a0b1c2d3e4f50611806");
  EXPECT_EQ(r.order_id.uuid, kId);
  EXPECT_EQ(r.product_id.uuid, kId);
  EXPECT_EQ(r.quantity, 3);
}

}  // namespace
}  // namespace stoa
