// Requests that are well formed as HTTP: what each filter lets through and what it answers otherwise.
#include "gateway/pipeline.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/gateway/shop.hpp"

namespace stoa::test {
namespace {

using nlohmann::json;

std::string as(std::string_view role) { return "Authorization: Bearer " + std::string(role) + "\r\n"; }
std::string code_of(const Wire::Reply& reply) { return json::parse(reply.body).at("code"); }

const std::string kThing = R"({"name":"n","count":3})";

TEST(Pipeline, AnswersEveryErrorAsAProblem) {
  Shop shop;
  const auto reply =
      shop.ask("GET", "/v1/nowhere", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n");
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.fields.at("content-type"), "application/problem+json");
  const json doc = json::parse(reply.body);
  EXPECT_EQ(doc.at("type"), "urn:stoa:problem:not_found");
  EXPECT_EQ(doc.at("status"), 404);
  EXPECT_EQ(doc.at("code"), "not_found");
  EXPECT_EQ(doc.at("trace_id"), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_TRUE(doc.at("title").is_string() && doc.at("detail").is_string() && doc.at("errors").is_array());
  EXPECT_EQ(reply.fields.at("traceparent").substr(0, 36), "00-0af7651916cd43dd8448eb211c80319c-");
}

TEST(Pipeline, RefusesBadDocumentsAndChangesNothing) {
  Shop shop;
  struct Case {
    const char* what;
    std::string body;
    const char* code;
  };
  const std::string deep = std::string(64, '[') + std::string(64, ']');
  const Case cases[] = {
      {"broken JSON", "{\"name\":", "malformed_json"},
      {"nothing but space", " ", "malformed_json"},
      {"two values", "{} {}", "malformed_json"},
      {"a member twice", R"({"name":"a","name":"b","count":1})", "malformed_json"},
      {"64 levels", deep, "malformed_json"},
      {"invalid UTF-8", "{\"name\":\"\xff\",\"count\":1}", "malformed_json"},
      {"a string for a number", R"({"name":"a","count":"1"})", "validation_failed"},
      {"a fraction", R"({"name":"a","count":1.5})", "validation_failed"},
      {"past 64 bits", R"({"name":"a","count":99999999999999999999})", "validation_failed"},
      {"out of range", R"({"name":"a","count":1001})", "validation_failed"},
      {"an unknown field", R"({"name":"a","count":1,"admin":true})", "validation_failed"},
      {"a missing field", R"({"count":1})", "validation_failed"},
      {"a list", "[]", "validation_failed"},
      {"a null", "null", "validation_failed"},
  };
  for (const Case& c : cases) {
    const auto reply = shop.ask("POST", "/v1/carries", as("carrier"), c.body);
    EXPECT_EQ(reply.status, 400) << c.what;
    EXPECT_EQ(code_of(reply), c.code) << c.what << reply.body;
  }
  EXPECT_TRUE(shop.router.asked().empty());
  const auto faults = json::parse(shop.ask("POST", "/v1/carries", as("carrier"), R"({"name":"a","count":-1})").body);
  EXPECT_EQ(faults.at("errors").at(0).at("pointer"), "/count");
}

TEST(Pipeline, AsksForJsonAndALength) {
  Shop shop;
  EXPECT_EQ(shop.ask("POST", "/v1/carries", as("carrier")).status, 411);
  EXPECT_EQ(shop.ask("POST", "/v1/carries", as("carrier") + "Content-Type: text/plain\r\n", kThing).status, 415);
  EXPECT_EQ(
      shop.ask("POST", "/v1/carries", as("carrier") + "Content-Type: application/json; charset=latin1\r\n", kThing)
          .status,
      415);
  EXPECT_EQ(shop.ask("POST", "/v1/carries", as("carrier") + "Content-Type: Application/JSON; charset=UTF-8\r\n", kThing)
                .status,
            200);
  EXPECT_EQ(shop.ask("GET", "/v1/things/a", "Accept: text/html\r\n").status, 406);
  EXPECT_EQ(shop.ask("GET", "/v1/things/a", "Accept: text/html, */*;q=0.1\r\n").status, 200);
  EXPECT_EQ(shop.ask("GET", "/v1/things/a", "Accept: text/html, application/json; q=0.0\r\n").status, 406);
  const std::string packed = "Content-Type: application/json\r\nContent-Encoding: gzip\r\n";
  EXPECT_EQ(shop.ask("POST", "/v1/carries", as("carrier") + packed, kThing).status, 415);
}

TEST(Pipeline, HasAnswersWithTokensKeptOnlyUnderAKey) {
  Shop shop;
  shop.ask("POST", "/v1/sessions", "", kThing);
  shop.ask("POST", "/v1/sessions", "Idempotency-Key: k\r\n", kThing);
  const auto asked = shop.router.asked();
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_TRUE(asked[0].call.request.is_nil());
  EXPECT_TRUE(asked[0].call.idempotency_scope.empty());
  EXPECT_FALSE(asked[1].call.request.is_nil());
  EXPECT_FALSE(asked[1].call.idempotency_scope.empty());
}

TEST(Pipeline, TriesEveryRouteAsEveryKindOfCaller) {
  Shop shop;
  const std::string callers[] = {"", "expired", "forged", "customer", "merchant", "carrier", "admin"};
  for (const Route& route : shop.services[0].routes) {
    for (const std::string& caller : callers) {
      if (route.path == "/v1/sessions/current") continue;
      std::string path = route.path;
      if (path.find("{id}") != path.npos) path.replace(path.find("{id}"), 4, "a");
      const bool bad = caller == "expired" || caller == "forged";
      const bool may = route.access == Access::kAnyone || route.access == Access::kHolder || caller == "admin" ||
                       (route.access == Access::kCustomer && caller == "customer") ||
                       (route.access == Access::kMerchant && caller == "merchant") ||
                       (route.access == Access::kCarrier && caller == "carrier");
      const bool unknown = bad || (caller.empty() && route.access != Access::kAnyone);
      const std::string fields = (caller.empty() ? "" : as(caller)) + "Idempotency-Key: k\r\n";
      const auto reply = shop.ask(verb_name(route.verb), path, fields, route.takes_body ? kThing : "");
      EXPECT_EQ(reply.status, unknown ? 401 : may ? 200 : 403) << verb_name(route.verb) << " " << path << " " << caller;
      EXPECT_EQ(reply.fields.count("www-authenticate"), unknown ? 1u : 0u);
    }
  }
}

TEST(Pipeline, SaysWhichMethodsAPathTakes) {
  Shop shop;
  for (const char* method : {"PUT", "POST", "PATCH", "TRACE", "BREW"}) {
    const auto reply = shop.ask(method, "/v1/things/a");
    EXPECT_EQ(reply.status, 405) << method;
    EXPECT_EQ(reply.fields.at("allow"), "GET, HEAD, DELETE, OPTIONS");
  }
  EXPECT_EQ(shop.ask("OPTIONS", "/v1/things/a").fields.at("allow"), "GET, HEAD, DELETE, OPTIONS");
  EXPECT_EQ(shop.ask("OPTIONS", "/v1/things/a").status, 204);
  for (const char* path :
       {"/", "/v1", "/v1/things/", "/v1/things/a/", "//v1/things/a", "/v1/things/../uses", "/V1/things"}) {
    EXPECT_EQ(shop.ask("GET", path).status, 404) << path;
  }
}

TEST(Pipeline, AnswersHeadAsGetWithoutTheBody) {
  Shop shop;
  const auto get = shop.ask("GET", "/v1/things/hot"), head = shop.ask("HEAD", "/v1/things/hot");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.fields.at("content-length"), get.fields.at("content-length"));
  EXPECT_EQ(head.fields.at("etag"), "\"7\"");
  EXPECT_TRUE(head.body.empty());
}

TEST(Pipeline, AnswersHotBodiesWithoutTheRouter) {
  Shop shop;
  EXPECT_EQ(shop.ask("GET", "/v1/things/hot").body, "{\"hot\":true}");
  EXPECT_EQ(shop.ask("GET", "/v1/things/hot", "If-None-Match: W/\"6\", \"7\"\r\n").status, 304);
  EXPECT_TRUE(shop.router.asked().empty());
  EXPECT_EQ(shop.ask("GET", "/v1/things/hot", "Cache-Control: no-cache\r\n").status, 200);
  EXPECT_EQ(shop.router.asked().size(), 1u);
}

TEST(Pipeline, HandsTheCallOver) {
  Shop shop;
  shop.ask("POST", "/v1/uses", as("customer") + "Idempotency-Key: k\r\nPrefer: wait=2\r\n", kThing);
  const auto asked = shop.router.asked();
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].call.caller.role, UserRole::kCustomer);
  EXPECT_EQ(asked[0].slot, slot_of("n"));
  EXPECT_FALSE(asked[0].call.request.is_nil());
  EXPECT_EQ(asked[0].call.wait_ms, 2000);
  EXPECT_EQ(asked[0].call.deadline.ms - shop.clock.now().ms, 7000);
  EXPECT_EQ(asked[0].call.trace_id.size(), 32u);
  EXPECT_EQ(asked[0].call.idempotency_scope.size(), 64u);
}

TEST(Pipeline, ComparesRepeatsAsDecodedCommands) {
  Shop shop;
  const auto hash_of = [&](const char* body) {
    shop.ask("POST", "/v1/uses", as("customer") + "Idempotency-Key: k\r\n", body);
    return shop.router.asked().back().call.body_hash;
  };
  const std::string one = hash_of(R"({"name":"é","count":1})");
  EXPECT_EQ(one.size(), 64u);
  EXPECT_EQ(hash_of("{ \"count\":1,\n\"name\":\"\\u00e9\"}"), one);
  EXPECT_NE(hash_of(R"({"name":"é","count":2})"), one);
}

TEST(Pipeline, TurnsAnAnswerIntoHttp) {
  Shop shop;
  shop.router.on_call([](const ScriptedRouter::Asked&) { return created(Thing{"n", 3}).at("t1").tagged("4").answer; });
  const auto reply = shop.ask("POST", "/v1/things", as("merchant"), kThing);
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.fields.at("location"), "/v1/things/t1");
  EXPECT_EQ(reply.fields.at("etag"), "\"4\"");
  EXPECT_EQ(reply.body, kThing);
  EXPECT_EQ(reply.fields.at("cache-control"), "no-store");
}

TEST(Pipeline, TurnsARefusalIntoAProblemOfItsTrace) {
  Shop shop;
  shop.router.on_call([](const ScriptedRouter::Asked&) {
    Answer a = refuse({"out_of_things"}, "none left", {{"/count", "out_of_range", "0 left"}}).answer;
    a.trace_id = "of the first";
    return a;
  });
  const auto first = shop.ask("POST", "/v1/carries", as("carrier"), kThing);
  const auto second = shop.ask("POST", "/v1/carries", as("carrier"), kThing);
  EXPECT_EQ(first.status, 409);
  EXPECT_EQ(code_of(first), "out_of_things");
  EXPECT_EQ(json::parse(first.body).at("trace_id"), "of the first");
  EXPECT_EQ(first.body, second.body);
}

TEST(Pipeline, TellsClientsWhenToComeBack) {
  Shop shop;
  for (const char* code : {"not_leader", "unknown_fate", "unavailable", "overloaded"}) {
    shop.router.on_call([code](const ScriptedRouter::Asked&) { return refuse({code}, "").answer; });
    const auto reply = shop.ask("GET", "/v1/things/a");
    EXPECT_EQ(reply.status, 503) << code;
    EXPECT_EQ(reply.fields.count("retry-after"), 1u);
    EXPECT_NE(code_of(reply), "not_leader");
    EXPECT_NE(code_of(reply), "unknown_fate");
  }
}

TEST(Pipeline, AsksForIdempotencyKeysOfTheRightForm) {
  Shop shop;
  const auto missing = shop.ask("POST", "/v1/uses", as("customer"), kThing);
  EXPECT_EQ(missing.status, 400);
  EXPECT_EQ(code_of(missing), "idempotency_key_missing");
  for (const std::string& key : {std::string(256, 'k'), std::string("a b"), std::string("\xc3\xa4")}) {
    const auto reply = shop.ask("POST", "/v1/uses", as("customer") + "Idempotency-Key: " + key + "\r\n", kThing);
    EXPECT_EQ(code_of(reply), "validation_failed") << key;
  }
}

TEST(Pipeline, MergesListsAndGuardsTheirCursors) {
  Shop shop;
  const auto part = [](std::vector<PageItem> items) { return reply(Page{std::move(items)}).answer; };
  shop.router.on_call_all({part({{"9", "a", "1"}, {"5", "b", "3"}}), part({{"7", "c", "2"}})});
  const auto first = json::parse(shop.ask("GET", "/v1/things?limit=2&q=x").body);
  EXPECT_EQ(first.at("items"), json::parse("[1,2]"));
  const std::string cursor = first.at("next_cursor");
  EXPECT_EQ(shop.ask("GET", "/v1/things?limit=2&q=x&cursor=" + cursor).status, 200);
  const auto asked = decode<Thing>(shop.router.asked().back().encoded);
  EXPECT_EQ(asked->name, "7");
  const std::string changed = (cursor[0] == 'A' ? "B" : "A") + cursor.substr(1);
  for (const std::string& path : {"/v1/things?q=x&cursor=" + changed, "/v1/things?q=y&cursor=" + cursor,
                                  std::string("/v1/things?q=x&cursor=zzz"), std::string("/v1/things?q=x&cursor=")}) {
    const auto reply = shop.ask("GET", path);
    EXPECT_EQ(reply.status, 400) << path;
    EXPECT_EQ(code_of(reply), "invalid_cursor") << path;
  }
  shop.router.on_call_all({part({}), part({})});
  EXPECT_EQ(shop.ask("GET", "/v1/things").body, R"({"items":[],"next_cursor":null})");
  shop.router.on_call_all({part({}), refuse(kUnavailable, "no leader").answer});
  EXPECT_EQ(shop.ask("GET", "/v1/things").status, 503);
}

TEST(Pipeline, RefusesQueriesItDoesNotKnow) {
  Shop shop;
  for (const char* query : {"?x=1", "?limit=0", "?limit=101", "?limit=ten", "?limit=1&limit=2", "?q=%zz", "?q=%00"}) {
    const auto reply = shop.ask("GET", std::string("/v1/things") + query);
    EXPECT_EQ(reply.status, 400) << query;
    EXPECT_EQ(code_of(reply), "validation_failed") << query;
  }
  const auto faults = json::parse(shop.ask("GET", "/v1/things?x=1").body).at("errors");
  EXPECT_EQ(faults.at(0).at("pointer"), "/query/x");
}

TEST(Pipeline, RemembersTokensUntilTheyExpireOrTheHolderLeaves) {
  Shop shop;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(shop.ask("GET", "/v1/things/mine", as("customer")).status, 200);
  EXPECT_EQ(shop.roles.verified(), 1);
  shop.clock.advance_ms(60'001);
  EXPECT_EQ(shop.ask("GET", "/v1/things/mine", as("customer")).status, 401);
  EXPECT_EQ(shop.ask("GET", "/v1/things/mine", as("customer")).status, 200);
  EXPECT_EQ(shop.ask("DELETE", "/v1/sessions/current", as("customer")).status, 200);
  EXPECT_EQ(shop.ask("GET", "/v1/things/mine", as("customer")).status, 401);
}

TEST(Pipeline, ShedsLoadBeforeItQueues) {
  GatewayOptions options = Shop::small_options();
  options.limits.max_in_flight = 1;
  Shop shop(options);
  shop.router.hold(true);
  Wire busy(shop.port());
  busy.write(request("GET", "/v1/things/a"));
  shop.router.wait_for_calls(1);
  const auto shed = shop.ask("GET", "/v1/things/b");
  EXPECT_EQ(shed.status, 503);
  EXPECT_EQ(code_of(shed), "overloaded");
  shop.router.hold(false);
  EXPECT_EQ(busy.read().status, 200);
  EXPECT_EQ(shop.ask("GET", "/v1/things/b").status, 200);
  EXPECT_NE(shop.metrics.text().find("stoa_rejected_total{reason=\"overloaded\"} 1"), std::string::npos);
}

TEST(Pipeline, LimitsFailedLoginsAndForgetsGoodOnes) {
  Shop shop;
  const std::string body = R"({"email":"A@b","password":"x"})";
  for (int i = 0; i < 10; ++i) EXPECT_EQ(shop.ask("POST", "/v1/sessions", "", body).status, 200);
  shop.router.on_call([](const ScriptedRouter::Asked&) { return refuse(kUnauthenticated, "").answer; });
  for (int i = 0; i < 5; ++i) EXPECT_EQ(shop.ask("POST", "/v1/sessions", "", body).status, 401);
  const auto limited = shop.ask("POST", "/v1/sessions", "", R"({"email":"a@B","password":"y"})");
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(code_of(limited), "rate_limited");
  EXPECT_EQ(limited.fields.at("ratelimit-policy"), "\"failed-logins\";q=5;w=60");
  EXPECT_EQ(limited.fields.at("ratelimit"), "\"failed-logins\";r=0;t=12");
  EXPECT_EQ(limited.fields.at("retry-after"), "12");
  EXPECT_EQ(shop.ask("POST", "/v1/sessions", "", R"({"email":"c@d"})").status, 401);
  shop.clock.advance_ms(12'000);
  EXPECT_EQ(shop.ask("POST", "/v1/sessions", "", body).status, 401);
}

TEST(Pipeline, LimitsTheRateOfAnAddressAndAUser) {
  GatewayOptions options = Shop::small_options();
  options.limits.address_rate = RatePolicy{4, 1000};
  options.limits.user_rate = RatePolicy{2, 1000};
  Shop shop(options);
  EXPECT_EQ(shop.ask("GET", "/v1/things/mine", as("customer")).status, 200);
  EXPECT_EQ(shop.ask("GET", "/v1/things/mine", as("customer")).status, 200);
  EXPECT_EQ(shop.ask("GET", "/v1/things/mine", as("customer")).status, 429);
  EXPECT_EQ(shop.ask("GET", "/v1/things/mine", as("merchant")).status, 200);
  EXPECT_EQ(shop.ask("GET", "/v1/things/mine", as("merchant")).status, 429);
  shop.clock.advance_ms(1000);
  EXPECT_EQ(shop.ask("GET", "/v1/things/a").fields.at("ratelimit"), "\"address\";r=3;t=0");
}

TEST(Pipeline, TakesOtherLimitsWhileItRuns) {
  Shop shop;
  EXPECT_EQ(shop.ask("GET", "/v1/things/a").fields.count("ratelimit"), 0u);
  GatewayLimits limits;
  limits.address_rate = RatePolicy{1, 1000};
  shop.on_loop([&] { shop.gateway().set_limits(limits); });
  EXPECT_EQ(shop.ask("GET", "/v1/things/a").status, 200);
  limits.max_in_flight = 0;
  shop.on_loop([&] { shop.gateway().set_limits(limits); });
  EXPECT_EQ(code_of(shop.ask("GET", "/v1/things/a")), "overloaded");
  limits.max_in_flight = 10;
  shop.on_loop([&] { shop.gateway().set_limits(limits); });
  EXPECT_EQ(shop.ask("GET", "/v1/things/a").status, 429);  // counted on: its policy stayed
  shop.on_loop([&] { shop.gateway().set_limits({}); });
  EXPECT_EQ(shop.ask("GET", "/v1/things/a").status, 200);
}

TEST(Pipeline, TakesNoRequestBeforeItKnowsTheKeys) {
  GatewayOptions options = Shop::small_options();
  options.secret.clear();
  Shop shop(options);
  const auto early = shop.ask("GET", "/v1/things/a");
  EXPECT_EQ(early.status, 503);
  EXPECT_EQ(code_of(early), "unavailable");
  EXPECT_EQ(early.fields.count("retry-after"), 1u);
  shop.on_loop([&] { shop.gateway().set_keys("a secret of the test", R"({"keys":["a"]})"); });
  EXPECT_EQ(shop.ask("GET", "/v1/things/a").status, 200);
  EXPECT_EQ(shop.ask("GET", "/.well-known/jwks.json").body, R"({"keys":["a"]})");
  shop.on_loop([&] { shop.gateway().set_keys("a secret of the test", R"({"keys":["a","b"]})"); });
  EXPECT_EQ(shop.ask("GET", "/.well-known/jwks.json").body, R"({"keys":["a","b"]})");
}

TEST(Pipeline, LetsOnlyListedOriginsIn) {
  GatewayOptions options = Shop::small_options();
  options.cors_origins = {"https://shop.example"};
  Shop shop(options);
  const std::string preflight = "Access-Control-Request-Method: POST\r\n";
  const auto good = shop.ask("OPTIONS", "/v1/uses", "Origin: https://shop.example\r\n" + preflight);
  EXPECT_EQ(good.status, 204);
  EXPECT_EQ(good.fields.at("access-control-allow-origin"), "https://shop.example");
  EXPECT_EQ(good.fields.at("access-control-allow-methods"), "POST, OPTIONS");
  const auto bad = shop.ask("OPTIONS", "/v1/uses", "Origin: https://shop.example.evil\r\n" + preflight);
  EXPECT_EQ(bad.fields.count("access-control-allow-origin"), 0u);
  EXPECT_EQ(shop.ask("GET", "/v1/things/a", "Origin: https://shop.example\r\n").fields.at("vary"), "Origin");
}

TEST(Pipeline, ServesItsOwnDescription) {
  Shop shop;
  const auto api = json::parse(shop.ask("GET", "/openapi.json").body);
  EXPECT_EQ(api.at("openapi"), "3.1.0");
  for (const Route& route : shop.services[0].routes) EXPECT_TRUE(api.at("paths").contains(route.path)) << route.path;
  EXPECT_EQ(shop.ask("GET", "/docs").fields.at("content-type"), "text/html; charset=utf-8");
  const auto machines = json::parse(shop.ask("GET", "/meta/state-machines").body).at("machines");
  EXPECT_EQ(machines.at(0).at("transitions").at(0).at("to"), "used");
}

TEST(Pipeline, CountsWhatItAnswered) {
  Shop shop;
  shop.ask("GET", "/v1/things/hot");
  shop.ask("GET", "/v1/nowhere");
  const std::string text = shop.metrics.text();
  EXPECT_NE(text.find(R"(stoa_http_requests_total{route="/v1/things/{id}",method="GET",status="200"} 1)"), text.npos);
  EXPECT_NE(text.find(R"(stoa_http_requests_total{route="none",method="GET",status="404"} 1)"), text.npos);
  EXPECT_NE(text.find("stoa_http_request_duration_seconds_bucket"), text.npos);
  EXPECT_NE(text.find("stoa_http_in_flight 0"), text.npos);
  EXPECT_NE(text.find("stoa_build_info{version="), text.npos);
}

}  // namespace
}  // namespace stoa::test
