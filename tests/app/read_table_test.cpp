#include "app/read_table.hpp"

#include <gtest/gtest.h>

#include "tests/app/product_node.hpp"

namespace stoa {
namespace {

using test::ProductDisk;
using test::ProductNode;

class ReadTableTest : public testing::Test {
 protected:
  CreateProduct a_chair(ProductNode& node, const std::string& sku, int64_t stock) {
    CreateProduct c;
    merchant_.user = UserId{Uuid{1, 1}};
    merchant_.role = UserRole::kMerchant;
    c.id = ProductId::mint(node.now(), slot_of_sku(merchant_.user, sku), node.random_);
    c.merchant_id = merchant_.user;
    c.sku = sku;
    c.name = "Chair " + sku;
    c.price = {1999, "EUR"};
    c.stock = stock;
    EXPECT_FALSE(node.call(c.id.slot(), c, merchant_).refused());
    return c;
  }
  OrderId reserve(ProductNode& node, ProductId id, int64_t quantity) {
    const OrderId order = OrderId::mint(node.now(), 7, node.random_);
    ReserveStock reserve{order, after(node.now(), 600'000), {{0, id, quantity}}};
    EXPECT_FALSE(node.call(id.slot(), reserve, service_).refused());
    return order;
  }

  ProductDisk disk_;
  Caller merchant_;
  Caller service_{{}, UserRole::kService};
};

TEST_F(ReadTableTest, SaysWhatTheActorSaysAfterEveryWrite) {
  ProductNode node(disk_);
  const ProductId id = a_chair(node, "A", 10).id;
  std::string last;
  const auto changed = [&] {
    const std::string now = node.by_table(id);  // before anyone else has read it
    EXPECT_NE(now, last);
    EXPECT_EQ(now, node.by_actor(id));
    last = now;
  };
  changed();
  PatchProduct patch;
  patch.id = id;
  patch.if_match = "*";
  patch.name = "Stool";
  EXPECT_FALSE(node.call(id.slot(), patch, merchant_).refused());
  changed();
  EXPECT_FALSE(node.call(id.slot(), AdjustStock{id, 5, "counted"}, merchant_).refused());
  changed();
  const OrderId order = reserve(node, id, 3);
  changed();
  EXPECT_FALSE(node.call(id.slot(), ReleaseReservation{order}, service_).refused());
  changed();
}

TEST_F(ReadTableTest, KnowsNoProductThatWasDeleted) {
  ProductNode node(disk_);
  const ProductId id = a_chair(node, "A", 1).id;
  EXPECT_NE(node.by_table(id), "");
  EXPECT_FALSE(node.call(id.slot(), DeleteProduct{id, "*"}, merchant_).refused());
  EXPECT_EQ(node.by_table(id), "");
  EXPECT_EQ(node.table.size(), 0u);
  EXPECT_EQ(node.table.bytes(), 0u);
}

TEST_F(ReadTableTest, LeavesToTheActorsWhatIsNoProduct) {
  ProductNode node(disk_);
  CachedBody hit;
  const std::string hex(32, 'a');
  for (const std::string& path : {std::string("/v1/products"), std::string("/v1/products/prd_"),
                                  "/v1/products/prd_" + hex, "/v1/products/usr_" + hex, "/v1/orders/prd_" + hex}) {
    EXPECT_FALSE(node.table.find(path, hit)) << path;
  }
  const ProductId id = a_chair(node, "A", 1).id;
  EXPECT_FALSE(node.table.find("/v1/products/" + id.text() + "/stock", hit));
}

TEST_F(ReadTableTest, TellsAfterARestartWhatWasAcknowledgedBeforeIt) {
  SeededRandom random(5);
  std::string before;
  ProductId id;
  {
    ProductNode node(disk_);
    id = a_chair(node, "A", 10).id;
    node.by_table(id);
    reserve(node, id, 4);
    before = node.by_table(id);
    disk_.journal.crash(random);
    disk_.database.crash(random);
  }
  ProductNode node(disk_);
  EXPECT_EQ(node.by_table(id), before);
}

TEST_F(ReadTableTest, KeepsWithinItsBytesAndStillAnswers) {
  constexpr size_t kMost = 4000;
  ProductNode node(disk_, kMost);
  std::vector<ProductId> ids;
  for (int i = 0; i < 40; ++i) ids.push_back(a_chair(node, "S" + std::to_string(i), i).id);
  for (int round = 0; round < 3; ++round) {
    for (const ProductId& id : ids) {
      EXPECT_EQ(node.by_table(id), node.by_actor(id));
      EXPECT_LT(node.table.bytes(), kMost + 1000);
      EXPECT_FALSE(node.call(id.slot(), AdjustStock{id, 1, "counted"}, merchant_).refused());
    }
  }
  EXPECT_LT(node.table.size(), ids.size());
}

}  // namespace
}  // namespace stoa
