#include "actors/product/rules.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "tests/actors/product/shop.hpp"

namespace stoa::product {
namespace {

nlohmann::json body_of(const Outcome& outcome) { return *parse_json(outcome.answer.body); }

PatchProduct rename(ProductId id, std::string if_match, std::string name = "Stool") {
  PatchProduct p;
  p.id = id;
  p.if_match = std::move(if_match);
  p.name = std::move(name);
  return p;
}

TEST(ProductRules, CreateAProductWithItsStock) {
  Shop shop;
  CreateProduct c = shop.a_product("oak-1", 7);
  c.attributes = {{"colour", "brown"}};
  const Outcome outcome = shop.run(create_product, c, shop.by_merchant());
  ASSERT_FALSE(outcome.is_refused());
  EXPECT_EQ(outcome.answer.done, static_cast<uint32_t>(Done::kCreated));
  EXPECT_EQ(outcome.answer.location_id, c.id.text());
  EXPECT_EQ(outcome.answer.tag, "1-1");
  const auto body = body_of(outcome);
  EXPECT_EQ(body["id"], c.id.text());
  EXPECT_EQ(body["merchant_id"], shop.merchant.text());
  EXPECT_EQ(body["sku"], "oak-1");
  EXPECT_TRUE(body["description"].is_null());
  EXPECT_TRUE(body["category"].is_null());
  EXPECT_EQ(body["price"]["amount"], 1999);
  EXPECT_EQ(body["attributes"]["colour"], "brown");
  EXPECT_EQ(body["available"], 7);
  EXPECT_EQ(body["version"], 1);
  EXPECT_EQ(body["created_at"], to_rfc3339(shop.now));
  EXPECT_EQ(body["updated_at"], body["created_at"]);
  EXPECT_EQ(shop.stock(c.id).initial, 7);
}

TEST(ProductRules, AnswerTheSameCreationAgain) {
  Shop shop;
  const CreateProduct c = shop.a_product("oak-1", 7);
  const Outcome first = shop.run(create_product, c, shop.by_merchant());
  const Outcome again = shop.run(create_product, c, shop.by_merchant());
  EXPECT_EQ(again.answer.body, first.answer.body);
  EXPECT_EQ(shop.writes, 0u);
}

TEST(ProductRules, KeepASkuUniqueForEachMerchant) {
  Shop shop;
  shop.with_stock("oak-1", 1);
  EXPECT_EQ(shop.run(create_product, shop.a_product("oak-1"), shop.by_merchant()).answer.code, "sku_taken");
  CreateProduct theirs = shop.a_product("oak-1");
  theirs.merchant_id = shop.rival;
  EXPECT_FALSE(shop.run(create_product, theirs, shop.by_rival()).is_refused());
}

TEST(ProductRules, LetOnlyThoseWhoSellCreateAndEachForThemselves) {
  Shop shop;
  const auto code = [&](const Call& call) { return shop.run(create_product, shop.a_product("x"), call).answer.code; };
  EXPECT_EQ(code(shop.by_customer()), "forbidden");
  EXPECT_EQ(code(call_by(UserRole::kAnonymous)), "forbidden");
  EXPECT_EQ(code(call_by(UserRole::kCarrier, shop.merchant)), "forbidden");
  EXPECT_EQ(code(shop.by_rival()), "forbidden");
  EXPECT_EQ(code(call_by_service()), "");
}

TEST(ProductRules, NameFaultsThatTypesDoNotSee) {
  Shop shop;
  CreateProduct c = shop.a_product("with space");
  c.attributes = {{"", "v"}, {"a/b~", std::string(501, 'x')}, {"ok", "ok"}};
  const Outcome outcome = shop.run(create_product, c, shop.by_merchant());
  EXPECT_EQ(outcome.answer.code, "validation_failed");
  ASSERT_EQ(outcome.answer.errors.size(), 3u);
  EXPECT_EQ(outcome.answer.errors[0].pointer, "/sku");
  EXPECT_EQ(outcome.answer.errors[1].pointer, "/attributes/");
  EXPECT_EQ(outcome.answer.errors[2].pointer, "/attributes/a~1b~0");
}

TEST(ProductRules, ChangeOnlyTheVersionThatWasSeen) {
  Shop shop;
  const ProductId id = shop.with_stock("oak-1", 5);
  EXPECT_EQ(shop.run(patch_product, rename(id, ""), shop.by_merchant()).answer.code, "if_match_missing");
  EXPECT_EQ(shop.run(patch_product, rename(id, "2-1"), shop.by_merchant()).answer.code, "stale_version");
  EXPECT_EQ(shop.run(patch_product, rename(id, "junk"), shop.by_merchant()).answer.code, "stale_version");
  shop.now = after(shop.now, 1000);
  const Outcome patched = shop.run(patch_product, rename(id, "1-1"), shop.by_merchant());
  EXPECT_EQ(patched.answer.tag, "2-1");
  EXPECT_EQ(body_of(patched)["name"], "Stool");
  EXPECT_EQ(body_of(patched)["version"], 2);
  EXPECT_EQ(body_of(patched)["updated_at"], to_rfc3339(shop.now));
  EXPECT_EQ(shop.run(patch_product, rename(id, "1-1"), shop.by_merchant()).answer.code, "stale_version");
  EXPECT_EQ(shop.run(patch_product, rename(id, "*"), shop.by_merchant()).answer.tag, "3-1");
}

TEST(ProductRules, HoldATagGoodWhateverTheStockDid) {
  Shop shop;
  const ProductId id = shop.with_stock("oak-1", 5);
  shop.must(adjust_stock, AdjustStock{id, 2, "found"}, shop.by_merchant());
  EXPECT_EQ(shop.ask(get_product, GetProduct{id}).answer.tag, "1-2");
  EXPECT_FALSE(shop.run(patch_product, rename(id, "1-1"), shop.by_merchant()).is_refused());
}

TEST(ProductRules, DeleteNothingThatChangedUnseen) {
  Shop shop;
  const ProductId id = shop.with_stock("oak-1", 5);
  shop.must(patch_product, rename(id, "1-1"), shop.by_merchant());
  EXPECT_EQ(shop.run(delete_product, DeleteProduct{id, "1-1"}, shop.by_merchant()).answer.code, "stale_version");
  EXPECT_FALSE(shop.run(delete_product, DeleteProduct{id, "2-1"}, shop.by_merchant()).is_refused());
}

TEST(ProductRules, ClearWhatAPatchSetsToNull) {
  Shop shop;
  CreateProduct c = shop.a_product("oak-1");
  c.description = "old";
  c.category = "chairs";
  c.attributes = {{"a", "1"}};
  shop.must(create_product, c, shop.by_merchant());
  PatchProduct p;
  p.id = c.id;
  p.if_match = "*";
  EXPECT_EQ(body_of(shop.run(patch_product, p, shop.by_merchant()))["description"], "old");
  p.clear_description = p.clear_category = p.set_attributes = true;
  const auto body = body_of(shop.run(patch_product, p, shop.by_merchant()));
  EXPECT_TRUE(body["description"].is_null());
  EXPECT_TRUE(body["category"].is_null());
  EXPECT_TRUE(body["attributes"].is_null());
}

// Who may do what with another's product: the owner and admins all, others nothing.
TEST(ProductRules, LetOwnersAndAdminsManage) {
  struct Row {
    const char* who;
    Call call;
    const char* code;
  };
  Shop shop;
  const Row rows[] = {{"owner", shop.by_merchant(), ""},
                      {"admin", shop.by_admin(), ""},
                      {"another merchant", shop.by_rival(), "not_found"},
                      {"customer", shop.by_customer(), "forbidden"},
                      {"carrier", call_by(UserRole::kCarrier, shop.customer), "forbidden"},
                      {"a former merchant", call_by(UserRole::kCustomer, shop.merchant), "forbidden"},
                      {"anonymous", call_by(UserRole::kAnonymous), "forbidden"}};
  int n = 0;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.who);
    const ProductId id = shop.with_stock("sku-" + std::to_string(++n), 5);
    EXPECT_EQ(shop.ask(get_product, GetProduct{id}, row.call).answer.code, "");
    EXPECT_EQ(shop.ask(get_stock, GetStock{id}, row.call).answer.code, row.code);
    EXPECT_EQ(shop.run(adjust_stock, AdjustStock{id, 1, "r"}, row.call).answer.code, row.code);
    EXPECT_EQ(shop.run(patch_product, rename(id, "*"), row.call).answer.code, row.code);
    EXPECT_EQ(shop.run(delete_product, DeleteProduct{id, ""}, row.call).answer.code, row.code);
  }
}

TEST(ProductRules, HideWhatIsDeletedAndFreeItsSku) {
  Shop shop;
  const ProductId id = shop.with_stock("oak-1", 5);
  EXPECT_EQ(shop.run(delete_product, DeleteProduct{id, ""}, shop.by_merchant()).answer.done,
            static_cast<uint32_t>(Done::kNoContent));
  EXPECT_EQ(shop.ask(get_product, GetProduct{id}).answer.code, "not_found");
  EXPECT_EQ(shop.ask(get_stock, GetStock{id}, shop.by_merchant()).answer.code, "not_found");
  EXPECT_EQ(shop.run(patch_product, rename(id, "*"), shop.by_merchant()).answer.code, "not_found");
  EXPECT_EQ(shop.run(delete_product, DeleteProduct{id, ""}, shop.by_merchant()).answer.code, "not_found");
  EXPECT_EQ(shop.stock(id).on_hand, 5);
  EXPECT_FALSE(shop.run(create_product, shop.a_product("oak-1"), shop.by_merchant()).is_refused());
}

TEST(ProductRules, KnowNothingOfUnknownProducts) {
  Shop shop;
  const ProductId id = ProductId::mint(shop.now, 5, shop.random);
  EXPECT_EQ(shop.ask(get_product, GetProduct{id}).answer.code, "not_found");
  EXPECT_EQ(shop.ask(get_stock, GetStock{id}, shop.by_admin()).answer.code, "not_found");
  EXPECT_EQ(shop.run(adjust_stock, AdjustStock{id, 1, "r"}, shop.by_admin()).answer.code, "not_found");
}

// Frozen: it decides where existing products are looked for.
TEST(ProductRules, PlaceProductsByMerchantAndSku) {
  const UserId merchant{*Uuid::from_hex("0197a1b2c3d47e8f9a0b1c2d3e4f5061")};
  EXPECT_EQ(slot_of_sku(merchant, "oak-1"), slot_of(merchant.uuid.bytes() + std::string(1, '\0') + "oak-1"));
  EXPECT_NE(slot_of_sku(merchant, "oak-1"), slot_of_sku(merchant, "oak-2"));
}

}  // namespace
}  // namespace stoa::product
