// What tests of the product service begin with: a shard, two merchants, products in stock and orders to hold them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "actors/product/rules.hpp"
#include "tests/actors/rules_fixture.hpp"

namespace stoa::product {

struct Shop : RulesFixture {
  using RulesFixture::RulesFixture;

  UserId merchant = UserId::mint(now, 1, random);
  UserId rival = UserId::mint(now, 2, random);
  UserId customer = UserId::mint(now, 3, random);

  Call by_merchant() const { return call_by(UserRole::kMerchant, merchant); }
  Call by_rival() const { return call_by(UserRole::kMerchant, rival); }
  Call by_admin() const { return call_by(UserRole::kAdmin, customer); }
  Call by_customer() const { return call_by(UserRole::kCustomer, customer); }

  CreateProduct a_product(const std::string& sku, int64_t stock = 0) {
    CreateProduct c;
    c.id = ProductId::mint(now, slot_of_sku(merchant, sku), random);
    c.merchant_id = merchant;
    c.sku = sku;
    c.name = "Chair " + sku;
    c.price = {1999, "EUR"};
    c.stock = stock;
    return c;
  }
  ProductId with_stock(const std::string& sku, int64_t stock) {
    const CreateProduct c = a_product(sku, stock);
    must(create_product, c, by_merchant());
    return c.id;
  }
  OrderId an_order() { return OrderId::mint(now, 77, random); }
  ReserveStock reserve(OrderId order, std::vector<StockLine> lines) {
    return {order, after(now, 60'000), std::move(lines)};
  }
  StockRecord stock(ProductId id) const { return *find<StockRecord>(id); }
  ReservationState state_of(OrderId order) const { return find<ReservationRecord>(order)->state; }
};

}  // namespace stoa::product
