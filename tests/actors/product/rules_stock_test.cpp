#include <gtest/gtest.h>

#include "base/json.hpp"
#include "tests/actors/product/shop.hpp"

namespace stoa::product {
namespace {

TEST(ProductStock, IsAdjustedUpAndDown) {
  Shop shop;
  const ProductId id = shop.with_stock("a", 5);
  const Outcome up = shop.run(adjust_stock, AdjustStock{id, 3, "delivery"}, shop.by_merchant());
  EXPECT_EQ(up.answer.done, static_cast<uint32_t>(Done::kCreated));
  EXPECT_EQ(up.answer.body, R"({"on_hand":8,"reserved":0,"available":8,"version":2})");
  const Outcome down = shop.run(adjust_stock, AdjustStock{id, -8, "flood"}, shop.by_merchant());
  EXPECT_EQ(down.answer.body, R"({"on_hand":0,"reserved":0,"available":0,"version":3})");
  EXPECT_EQ(shop.ask(get_stock, GetStock{id}, shop.by_merchant()).answer.body, down.answer.body);
}

TEST(ProductStock, IsNeverAdjustedBelowWhatIsReserved) {
  Shop shop;
  const ProductId id = shop.with_stock("a", 5);
  shop.must(reserve_stock, shop.reserve(shop.an_order(), {{0, id, 3}}));
  EXPECT_EQ(shop.run(adjust_stock, AdjustStock{id, -3, "r"}, shop.by_merchant()).answer.code, "out_of_stock");
  EXPECT_EQ(shop.run(adjust_stock, AdjustStock{id, -2, "r"}, shop.by_merchant()).answer.code, "");
  EXPECT_EQ(shop.stock(id).available(), 0);
}

TEST(ProductStock, IsNeverAdjustedPastItsBounds) {
  Shop shop;
  const ProductId id = shop.with_stock("a", kMaxStock);
  for (const int64_t delta : {int64_t{1}, kMaxStock, kMaxStock + 1, int64_t{0}, INT64_MAX, INT64_MIN}) {
    const Outcome outcome = shop.run(adjust_stock, AdjustStock{id, delta, "r"}, shop.by_merchant());
    EXPECT_EQ(outcome.answer.code, "validation_failed") << delta;
    ASSERT_FALSE(outcome.answer.errors.empty());
    EXPECT_EQ(outcome.answer.errors[0].pointer, "/delta");
  }
  EXPECT_EQ(shop.stock(id).version, 1);
}

}  // namespace
}  // namespace stoa::product
