#include "actors/product/routes.hpp"

#include <gtest/gtest.h>

#include "actors/product/listing.hpp"
#include "actors/product/rules.hpp"
#include "base/json.hpp"

namespace stoa::product {
namespace {

struct Client {
  SeededRandom random{1};
  RouteInput in;
  nlohmann::json body;

  Client() {
    in.now = Time{1'750'000'000'000};
    in.random = &random;
    in.caller = {UserId::mint(in.now, 9, random), UserRole::kMerchant};
  }
  Built build(Verb verb, const std::string& path, const std::string& json = "{}") {
    body = *parse_json(json);
    in.body = &body;
    for (const Route& route : make_routes()) {
      if (route.verb == verb && route.path == path) return route.build(in);
    }
    STOA_CHECK(false, "the route is there");
  }
};

template <class C>
const C& command(const Built& built) {
  return std::any_cast<const C&>(built.placed->command.value());
}

std::string faults(const Built& built) {
  std::string all;
  for (const FieldError& f : built.faults) ((all += f.pointer) += ' ') += f.code + "; ";
  return all;
}

constexpr const char* kOne = "/v1/products/{id}";

TEST(ProductRoutes, PlaceANewProductByMerchantAndSku) {
  Client client;
  const Built built =
      client.build(Verb::kPost, "/v1/products", R"({"sku":"a-1","name":"A","price":{"amount":1,"currency":"EUR"}})");
  ASSERT_TRUE(built.placed);
  const auto& c = command<CreateProduct>(built);
  EXPECT_EQ(built.placed->slot, slot_of_sku(client.in.caller.user, "a-1"));
  EXPECT_EQ(c.id.slot(), built.placed->slot);
  EXPECT_EQ(c.merchant_id, client.in.caller.user);
  EXPECT_EQ(c.stock, 0);
  EXPECT_TRUE(c.attributes.empty());
}

TEST(ProductRoutes, NameEveryFaultOfANewProduct) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({})", "/sku required; /name required; /price required; "},
      {R"({"sku":"","name":"","price":{"amount":-1,"currency":"EUR"}})",
       "/sku too_short; /name too_short; /price/amount out_of_range; "},
      {R"({"sku":"a b","name":"A","price":{"amount":1,"currency":"EUR"}})", "/sku invalid_value; "},
      {R"({"sku":"a","name":"A","price":{"amount":1,"currency":"XXY"}})", "/price/currency invalid_value; "},
      {R"({"sku":"a","name":"A","price":{"amount":1,"currency":"EUR"},"stock":-1})", "/stock out_of_range; "},
      {R"({"sku":"a","name":"A","price":{"amount":1,"currency":"EUR"},"stock":1000000001})", "/stock out_of_range; "},
      {R"({"sku":"a","name":"A","price":{"amount":1,"currency":"EUR"},"id":"prd_1"})", "/id unknown_field; "},
      {R"({"sku":"a","name":"A","price":{"amount":1,"currency":"EUR"},"attributes":{"":"x"}})",
       "/attributes/ too_short; "},
      {R"([])", " wrong_type; "},
  };
  for (const auto& [json, expected] : rows) {
    Client client;
    const std::string found = faults(client.build(Verb::kPost, "/v1/products", json));
    EXPECT_EQ(found.substr(0, std::string(expected).size()), expected) << json;
  }
}

TEST(ProductRoutes, AskForIfMatchAndKeepTheSku) {
  Client client;
  client.in.path = {ProductId::mint(client.in.now, 5, client.random).text()};
  EXPECT_EQ(client.build(Verb::kPatch, kOne).refusal->code, "if_match_missing");
  client.in.if_match = "1-1";
  EXPECT_EQ(faults(client.build(Verb::kPatch, kOne, R"({"sku":"b"})")), "/sku unknown_field; ");
  EXPECT_EQ(faults(client.build(Verb::kPatch, kOne, R"({"name":null})")), "/name wrong_type; ");
  EXPECT_EQ(faults(client.build(Verb::kPatch, kOne, R"([])")), " wrong_type; ");
  const Built built = client.build(Verb::kPatch, kOne, R"({"description":null,"attributes":null,"category":"c"})");
  const auto& p = command<PatchProduct>(built);
  EXPECT_TRUE(p.clear_description && p.set_attributes && !p.clear_category && !p.name);
  EXPECT_EQ(p.if_match, "1-1");
  EXPECT_EQ(built.placed->slot, 5);
}

TEST(ProductRoutes, FindNothingUnderAnIdOfNoForm) {
  Client client;
  client.in.if_match = "*";
  for (const char* id : {"", "x", "usr_0197a1b2c3d47e8f9a0b1c2d3e4f5061", "prd_12"}) {
    client.in.path = {id};
    for (const Verb verb : {Verb::kGet, Verb::kPatch, Verb::kDelete})
      EXPECT_EQ(client.build(verb, kOne).refusal->code, "not_found");
    EXPECT_EQ(client.build(Verb::kGet, "/v1/products/{id}/stock").refusal->code, "not_found");
    EXPECT_EQ(client.build(Verb::kPost, "/v1/products/{id}/stock/adjustments").refusal->code, "not_found");
  }
}

TEST(ProductRoutes, ReadAQueryStrictly) {
  Client client;
  client.in.query = {{"q", "oak"}, {"category", "c"}, {"merchant", client.in.caller.user.text()}, {"sort", "-price"}};
  client.in.page.limit = 7;
  const Built built = client.build(Verb::kGet, "/v1/products");
  const auto& query = command<ListProducts>(built);
  EXPECT_EQ(query.words, "oak");
  EXPECT_EQ(query.sort, ProductSort::kDearest);
  EXPECT_EQ(query.merchant_id, client.in.caller.user);
  EXPECT_EQ(query.page.limit, 7);
  client.in.query = {{"q", std::string(201, 'x')}, {"merchant", "me"}, {"sort", "best"}};
  EXPECT_EQ(faults(client.build(Verb::kGet, "/v1/products")),
            "/q too_long; /merchant invalid_value; /sort invalid_value; ");
}

TEST(ProductRoutes, RefuseAnAdjustmentByNothing) {
  Client client;
  client.in.path = {ProductId::mint(client.in.now, 5, client.random).text()};
  EXPECT_EQ(faults(client.build(Verb::kPost, "/v1/products/{id}/stock/adjustments", R"({"delta":0,"reason":"r"})")),
            "/delta invalid_value; ");
  EXPECT_EQ(faults(client.build(Verb::kPost, "/v1/products/{id}/stock/adjustments", R"({"delta":5})")),
            "/reason required; ");
}

}  // namespace
}  // namespace stoa::product
