#include "actors/payment/routes.hpp"

#include <gtest/gtest.h>

#include "actors/payment/types.hpp"
#include "base/json.hpp"

namespace stoa::payment {
namespace {

struct Client {
  SeededRandom random{1};
  RouteInput in;
  nlohmann::json body;
  PaymentId id = PaymentId::mint(Time{1'750'000'000'000}, 77, random);

  Client() { in.path = {id.text()}; }
  Built build(Verb verb, const std::string& path, const std::string& json = "{}") {
    body = *parse_json(json);
    in.body = &body;
    for (const Route& route : routes()) {
      if (route.verb == verb && route.path == path) return route.build(in);
    }
    STOA_CHECK(false, "the route is there");
  }
};

constexpr const char* kRefunds = "/v1/payments/{id}/refunds";

TEST(PaymentRoutes, TakeAnAmountAsMoneyAsMinorUnitsOrNotAtAll) {
  const std::tuple<const char*, std::optional<int64_t>, const char*> rows[] = {
      {"{}", std::nullopt, ""},
      {R"({"amount":null})", std::nullopt, ""},
      {R"({"amount":500})", 500, ""},
      {R"({"amount":{"amount":500,"currency":"EUR"}})", 500, "EUR"}};
  for (const auto& [json, amount, currency] : rows) {
    for (const char* path : {"/v1/payments/{id}/capture", "/v1/payments/{id}/void", kRefunds}) {
      EXPECT_TRUE(Client().build(Verb::kPost, path, json).placed) << path << json;
    }
    const Built built = Client().build(Verb::kPost, kRefunds, json);
    const auto& c = std::any_cast<const RefundPayment&>(built.placed->command.value());
    EXPECT_EQ(c.part.has_value(), amount.has_value()) << json;
    if (c.part) {
      EXPECT_EQ(c.part->amount, *amount) << json;
      EXPECT_EQ(c.part->currency, currency) << json;
    }
  }
}

TEST(PaymentRoutes, NameTheFaultsOfAnAmount) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"amount":-1})", "/amount out_of_range"},
      {R"({"amount":1.5})", "/amount wrong_type"},
      {R"({"amount":"500"})", "/amount wrong_type"},
      {R"({"amount":{"amount":-5,"currency":"EUR"}})", "/amount/amount out_of_range"},
      {R"({"amount":{"amount":5,"currency":"XXY"}})", "/amount/currency invalid_value"},
      {R"({"sum":5})", "/sum unknown_field"},
      {R"([])", " wrong_type"}};
  for (const auto& [json, fault] : rows) {
    const Built built = Client().build(Verb::kPost, kRefunds, json);
    ASSERT_FALSE(built.faults.empty()) << json;
    EXPECT_EQ(built.faults.at(0).pointer + " " + built.faults.at(0).code, fault) << json;
  }
}

TEST(PaymentRoutes, FindAPaymentByItsOwnSlot) {
  Client client;
  EXPECT_EQ(client.build(Verb::kGet, "/v1/payments/{id}").placed->slot, 77);
  EXPECT_EQ(client.build(Verb::kPost, "/v1/payments/{id}/confirm").placed->slot, 77);
  EXPECT_FALSE(client.build(Verb::kPost, "/v1/payments/{id}/confirm", R"({"x":1})").faults.empty());
  client.in.path = {"pay_1"};
  for (const Route& route : routes()) {
    EXPECT_EQ(client.build(route.verb, route.path).refusal->code, kNotFound.code) << route.path;
  }
}

}  // namespace
}  // namespace stoa::payment
