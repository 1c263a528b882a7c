#include "app/admin_config.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/app/catalog_by_hand.hpp"

namespace stoa {
namespace {

using nlohmann::json;

class AdminConfig : public testing::Test {
 protected:
  AdminResponse ask(const std::string& method, const std::string& path, const std::string& body = "",
                    const std::string& if_match = "", const std::string& query = "") {
    const auto route = std::find_if(routes_.begin(), routes_.end(),
                                    [&](const AdminRoute& r) { return r.method == method && r.path == path; });
    STOA_CHECK(route != routes_.end(), "the test asks for a route");
    AdminResponse response;
    route->handle({method, path, query, body, {}, if_match}, [&](AdminResponse r) { response = std::move(r); });
    catalog_.answer();
    return response;
  }
  AdminResponse patch(const std::string& body, const std::string& if_match = "") {
    return ask("PATCH", "/v1/config", body, if_match);
  }
  static std::string pointers(const AdminResponse& r) {
    std::string all;
    for (const FieldError& e : r.refusal.value().errors) all += e.pointer + " ";
    return all;
  }

  ManualClock clock_;
  SeededRandom random_{1};
  CatalogByHand catalog_;
  CatalogCaller caller_{catalog_, clock_, random_};
  LiveSettings settings_{Config{}};
  std::vector<AdminRoute> routes_ = config_routes(caller_, settings_, "n1");
};

TEST_F(AdminConfig, ShowsWhatIsInForceInTheShapeOfTheFile) {
  const AdminResponse got = ask("GET", "/v1/config");
  const json doc = json::parse(got.body);
  EXPECT_EQ(got.etag, "0");
  EXPECT_EQ(doc["version"], 0);
  EXPECT_EQ(doc["limits"]["max_in_flight"], 1024);
  EXPECT_EQ(doc["limits"]["rate"]["user"], "100/s");
  EXPECT_TRUE(doc["set"].empty());
}

TEST_F(AdminConfig, APatchChangesWhatItNamesAndNothingElse) {
  const AdminResponse set = patch(R"({"limits": {"max_in_flight": 5}, "log": {"level": "debug"}})");
  ASSERT_FALSE(set.refusal.has_value());
  EXPECT_EQ(set.etag, "1");
  const json doc = json::parse(patch(R"({"log": {"level": null}})").body);
  EXPECT_EQ(doc["limits"]["max_in_flight"], 5);
  EXPECT_EQ(doc["log"]["level"], "info");
  EXPECT_EQ(doc["set"], json({"limits.max_in_flight"}));
}

TEST_F(AdminConfig, WhatDoesNotFitIsToldByPointer) {
  EXPECT_EQ(pointers(patch(R"({"limits": {"max_in_flight": "5"}})")), "/limits/max_in_flight ");
  EXPECT_EQ(pointers(patch(R"({"limits": {"max_in_flight": 0, "rate": {"user": "1/m"}}})")),
            "/limits/max_in_flight /limits/rate/user ");
  EXPECT_EQ(pointers(patch(R"({"limits": {"rate": "slow"}, "a/b": 1})")), "/a~1b /limits/rate ");
  EXPECT_EQ(pointers(patch(R"({"version": 7})")), "/version ");
  EXPECT_EQ(pointers(patch("[]")), " ");
  EXPECT_EQ(patch("{").refusal->code, "malformed_json");
}

TEST_F(AdminConfig, TurnsAllRatesOffAsTheFileDoes) {
  const json doc = json::parse(patch(R"({"limits": {"rate": "off"}})").body);
  EXPECT_EQ(doc["limits"]["rate"], json({{"address", "off"}, {"user", "off"}}));
}

TEST_F(AdminConfig, HonoursIfMatch) {
  EXPECT_FALSE(patch(R"({"log": {"level": "warn"}})", "\"0\"").refusal.has_value());
  EXPECT_EQ(patch(R"({"log": {"level": "info"}})", "\"0\"").refusal->code, "stale_version");
  EXPECT_EQ(patch(R"({"log": {"level": "info"}})", "nonsense").refusal->code, "stale_version");
  EXPECT_FALSE(patch(R"({"log": {"level": "info"}})", "*").refusal.has_value());
}

TEST_F(AdminConfig, GoesBackAndTellsTheHistory) {
  (void)patch(R"({"log": {"level": "debug"}})");
  EXPECT_EQ(ask("POST", "/v1/config/rollback", R"({"version": 9})").refusal->code, "not_found");
  EXPECT_EQ(pointers(ask("POST", "/v1/config/rollback", R"({"version": -1})")), "/version ");
  EXPECT_EQ(json::parse(ask("POST", "/v1/config/rollback", R"({"version": 0})").body)["log"]["level"], "info");
  const json items = json::parse(ask("GET", "/v1/config/history").body)["items"];
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0]["rolled_back_to"], 0);
  EXPECT_EQ(items[1]["by"], "the admin token of n1");
  EXPECT_EQ(json::parse(ask("GET", "/v1/config/history", "", "", "key=limits.rate.user").body)["items"].size(), 0u);
  EXPECT_EQ(ask("GET", "/v1/config/history", "", "", "key=colour").refusal->code, "not_found");
}

}  // namespace
}  // namespace stoa
