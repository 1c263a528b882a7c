#include "scenarios/results.hpp"

#include <gtest/gtest.h>

namespace stoa::scenarios {
namespace {

TEST(Results, NameRequestsWithoutTheirIds) {
  EXPECT_EQ(request_name("GET", "/v1/products/prd_0190a1b2c3d4e5f60718293a4b5c6d7e"), "GET /v1/products/{id}");
  EXPECT_EQ(request_name("GET", "/v1/orders/ord_0190a1b2c3d4e5f60718293a4b5c6d7e/events"),
            "GET /v1/orders/{id}/events");
  EXPECT_EQ(request_name("GET", "/v1/things/0190a1b2-c3d4-e5f6-0718-293a4b5c6d7e"), "GET /v1/things/{id}");
  EXPECT_EQ(request_name("GET", "/v1/things/17?limit=3"), "GET /v1/things/{id}");
  EXPECT_EQ(request_name("GET", "/v1/products?q=a/b"), "GET /v1/products");
  EXPECT_EQ(request_name("GET", "/"), "GET /");
  EXPECT_EQ(request_name("GET", "/.well-known/jwks.json"), "GET /.well-known/jwks.json");
}

TEST(Results, BoundTheNamesThatOthersChoose) {
  Named<uint64_t> counts;
  for (int at = 0; at < 1000; ++at) ++counts["name " + std::to_string(at)];
  ++counts["name 7"];
  const auto sorted = counts.sorted();
  EXPECT_EQ(sorted.size(), Named<uint64_t>::kNames + 1);
  EXPECT_EQ(sorted.at("name 7"), 2u);
  EXPECT_EQ(sorted.at("(others)"), 800u);
}

TEST(Results, SumOverFlowsAndChecks) {
  Results results;
  results.flows["a"].finished = 3;
  results.flows["a"].errors = 1;
  results.flows["b"].finished = 4;
  results.checks["x"].passed = 2;
  results.checks["y"].failed = 5;
  EXPECT_EQ(results.finished(), 7u);
  EXPECT_EQ(results.iteration_errors(), 1u);
  EXPECT_EQ(results.all_checks().passed, 2u);
  EXPECT_EQ(results.all_checks().failed, 5u);
}

}  // namespace
}  // namespace stoa::scenarios
