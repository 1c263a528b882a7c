#include "actors/order/routes.hpp"

#include <gtest/gtest.h>

#include "actors/order/types.hpp"
#include "base/json.hpp"

namespace stoa::order {
namespace {

constexpr const char* kChair = "prd_0197741e8f1070058f1e8f1e8f1e8f1e";

struct Client {
  SeededRandom random{1};
  RouteInput in;
  nlohmann::json body;

  Client() {
    in.now = Time{1'750'000'000'000};
    in.random = &random;
    in.caller = {UserId::mint(in.now, 9, random), UserRole::kCustomer};
  }
  Built build(Verb verb, const std::string& path, const std::string& json = "{}") {
    body = *parse_json(json);
    in.body = &body;
    for (const Route& route : routes()) {
      if (route.verb == verb && route.path == path) return route.build(in);
    }
    STOA_CHECK(false, "the route is there");
  }
  Built place(const std::string& lines, const std::string& country = "DE", const std::string& method = "tok_visa") {
    return build(Verb::kPost, "/v1/orders",
                 R"({"lines":[)" + lines + R"(],"shipping_address":{"name":"A B","line1":"Street 1","city":"Town",)" +
                     R"("postal_code":"1000","country":")" + country + R"("},"payment":{"method":")" + method +
                     R"("}})");
  }
};

std::string line(const std::string& id, const std::string& quantity) {
  return R"({"product_id":")" + id + R"(","quantity":)" + quantity + "}";
}

std::string faults(const Built& built) {
  std::string all;
  for (const FieldError& f : built.faults) ((all += f.pointer) += ' ') += f.code + "; ";
  return all;
}

TEST(OrderRoutes, PlaceAnOrderByItsCustomer) {
  Client client;
  const Built built = client.place(line(kChair, "2"));
  ASSERT_TRUE(built.placed) << faults(built);
  const auto& c = std::any_cast<const PlaceOrder&>(built.placed->command.value());
  EXPECT_EQ(built.placed->slot, slot_of_customer(client.in.caller.user));
  EXPECT_EQ(c.id.slot(), built.placed->slot);
  EXPECT_EQ(c.customer_id, client.in.caller.user);
  EXPECT_EQ(c.lines.at(0).quantity, 2);
}

TEST(OrderRoutes, NameEveryFaultOfAnOrder) {
  const std::string chair = line(kChair, "1");
  std::string too_many = chair;
  for (int i = 0; i < 100; ++i) too_many += "," + chair;
  const std::tuple<std::string, const char*, const char*, const char*> rows[] = {
      {"", "DE", "tok_visa", "/lines too_short; "},
      {line(kChair, "0"), "DE", "tok_visa", "/lines/0/quantity out_of_range; "},
      {line(kChair, "-1"), "DE", "tok_visa", "/lines/0/quantity out_of_range; "},
      {line(kChair, "1001"), "DE", "tok_visa", "/lines/0/quantity out_of_range; "},
      {line(kChair, "1.5"), "DE", "tok_visa", "/lines/0/quantity wrong_type; "},
      {line("prd_1", "1"), "DE", "tok_visa", "/lines/0/product_id invalid_value; "},
      {chair + "," + chair, "DE", "tok_visa", "/lines/1/product_id duplicate; "},
      {chair, "XX", "tok_visa", "/shipping_address/country invalid_value; "},
      {chair, "de", "tok_visa", "/shipping_address/country invalid_value; "},
      {chair, "DEU", "tok_visa", "/shipping_address/country too_long; "},
      {chair, "DE", "4111111111111111", "/payment/method invalid_value; "},
      {chair, "DE", "", "/payment/method too_short; "},
      {too_many, "DE", "tok_visa", "/lines too_long; "},
  };
  for (const auto& [lines, country, method, expected] : rows) {
    Client client;
    EXPECT_EQ(faults(client.place(lines, country, method)), expected);
  }
  Client client;
  EXPECT_EQ(faults(client.build(Verb::kPost, "/v1/orders", "{}")),
            "/lines required; /shipping_address required; /payment required; ");
}

TEST(OrderRoutes, FindAnOrderByItsOwnSlot) {
  Client client;
  const OrderId id = OrderId::mint(client.in.now, 77, client.random);
  client.in.path = {id.text()};
  EXPECT_EQ(client.build(Verb::kGet, "/v1/orders/{id}").placed->slot, 77);
  EXPECT_EQ(client.build(Verb::kPost, "/v1/orders/{id}/cancel").placed->slot, 77);
  EXPECT_EQ(faults(client.build(Verb::kPost, "/v1/orders/{id}/cancel", R"({"x":1})")), "/x unknown_field; ");
  client.in.path = {"ord_1"};
  EXPECT_EQ(client.build(Verb::kGet, "/v1/orders/{id}").refusal->code, kNotFound.code);
  EXPECT_EQ(client.build(Verb::kPost, "/v1/orders/{id}/cancel").refusal->code, kNotFound.code);
}

TEST(OrderRoutes, RequireAnIdempotencyKeyToPlace) {
  for (const Route& route : routes())
    EXPECT_EQ(route.idempotency_key_required, route.path == "/v1/orders" && route.verb == Verb::kPost);
}

}  // namespace
}  // namespace stoa::order
