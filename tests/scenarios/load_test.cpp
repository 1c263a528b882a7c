#include "scenarios/load.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <signal.h>
#include <sstream>
#include <unistd.h>

#include "tests/scenarios/fake_shop.hpp"

namespace stoa::scenarios {
namespace {

using ::testing::HasSubstr;

// A scenario of its own file, and what running it said.
class Load : public ::testing::Test {
 protected:
  Load() {
    std::string name = (std::filesystem::temp_directory_path() / "stoa-load-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    options_.file = (folder_ / "scenario.lua").string();
  }
  ~Load() override { std::filesystem::remove_all(folder_); }

  int run(const std::string& scenario, const std::string& target = "") {
    std::ofstream(options_.file) << scenario;
    if (options_.target.empty()) options_.target = target;
    out_.str("");
    err_.str("");
    return run_load(options_, out_, err_);
  }
  // Each run of a test has a seed of its own, unless the test names one.
  int run_anew(const std::string& scenario, const FakeShop& shop) {
    options_.seed = std::to_string(++seed_);
    return run(scenario, shop);
  }
  int run(const std::string& scenario, const FakeShop& shop) {
    options_.target = shop.url();
    return run(scenario, "");
  }
  std::string said() const { return out_.str() + err_.str(); }

  std::filesystem::path folder_;
  LoadOptions options_;
  std::ostringstream out_;
  std::ostringstream err_;
  int seed_ = 100;
};

// Buying, verified; `more` goes into the scenario's table.
std::string shop_scenario(const std::string& more, int stock = 1000) {
  // A busy machine must not fail a test that is not about that.
  return R"lua(return {name = "test", seed = 7, start_lag = "60s",
    setup = function(s)
      s:login("merchant@demo.stoa", "correct-horse-battery")
      local products = {}
      for i = 1, 3 do
        local r = s:post("/v1/products", {sku = s:uuid(), name = "P", price = {amount = 1999, currency = "EUR"}, stock = )lua" +
         std::to_string(stock) + R"lua(})
        s:expect(r.status == 201, "product")
        products[i] = r.body.id
      end
      return {products = products}
    end,
    load = {{shape = "constant", rate = 200, duration = "200ms"}},
    users = {count = 3, email = "load-%d@demo.stoa", password = "correct-horse-battery"},
    mix = {browse = 1, checkout = 1},
    flows = {
      browse = function(s, d) s:check("found", s:get("/v1/products/" .. s:zipf(d.products, 1.0)).status == 200) end,
      checkout = function(s, d)
        local r = s:post("/v1/orders", {lines = {{product_id = s:pick(d.products), quantity = s:uniform(1, 3)}},
          payment = {method = "tok_visa"}}, {["Idempotency-Key"] = s:uuid()})
        if r.status == 201 then s:ack("order", r.body) end
      end,
    },
    )lua" +
         more + "}";
}

const char kVerified[] = R"(settle = "300ms", verify = {"stock", "orders", "idempotency", "events"})";

// Without a shop: one flow, three iterations.
std::string flow_scenario(const std::string& body, const std::string& more = "") {
  return R"(return {name = "test", load = {{shape = "constant", rate = 30, duration = "100ms"}}, flows = {f = function(s) )" +
         body + " end}, " + more + "}";
}

TEST_F(Load, PassesWhenTheShopKeepsItsPromises) {
  FakeShop shop;
  options_.json = (folder_ / "result.json").string();
  options_.report = (folder_ / "report.html").string();
  EXPECT_EQ(run(shop_scenario(kVerified), shop), kPassed) << said();
  EXPECT_THAT(out_.str(), HasSubstr("PASSED"));
  std::ifstream file(options_.json);
  const auto result = nlohmann::json::parse(file);
  EXPECT_EQ(result["exit"], 0);
  EXPECT_EQ(result["generator"]["started"], 40);
  EXPECT_EQ(result["flows"]["browse"]["count"].get<int>() + result["flows"]["checkout"]["count"].get<int>(), 40);
  EXPECT_GT(result["verified"].size(), 3u);
  EXPECT_TRUE(std::filesystem::file_size(options_.report) > 1000);
}

TEST_F(Load, SendsTheSameRequestsForTheSameSeed) {
  const auto orders_of = [&](const std::string& seed) {
    FakeShop shop;
    options_.seed = seed;
    run(shop_scenario(""), shop);
    std::multiset<std::string> orders;
    for (const std::string& line : shop.seen()) orders.insert(line);
    return orders;
  };
  const auto first = orders_of("1");
  EXPECT_EQ(first, orders_of("1"));
  EXPECT_NE(first, orders_of("2"));
}

TEST_F(Load, RunsTheShippedScenarioAgainAndAgain) {
  FakeShop shop;
  // This program lies in a build folder below the repository.
  auto folder = std::filesystem::read_symlink("/proc/self/exe");
  while (!std::filesystem::exists(folder / "scenarios/checkout.lua") && folder != "/") folder = folder.parent_path();
  options_.file = folder / "scenarios/checkout.lua";
  options_.target = shop.url();
  options_.rate = "300";
  options_.duration = "300ms";
  for (int run = 1; run <= 3; ++run) {
    out_.str("");
    // Whether its thresholds are kept is the machine's business.
    EXPECT_THAT(run_load(options_, out_, err_), ::testing::AnyOf(kPassed, kThresholdMissed, kGeneratorTooSlow))
        << said();
    EXPECT_THAT(out_.str(), HasSubstr("verified orders"));
    EXPECT_THAT(out_.str(), HasSubstr("verified stock: 100 examined, all as promised"));
  }
}

TEST_F(Load, SaysWhyTheSameSeedFindsItsNamesTaken) {
  FakeShop shop;
  EXPECT_EQ(run(shop_scenario(""), shop), kPassed);
  EXPECT_EQ(run(shop_scenario(""), shop), kFailed);
  EXPECT_THAT(err_.str(), HasSubstr("try another --seed"));
}

struct Lie {
  const char* name;
  void (*tell)(Lies&);
  const char* found;
};

class LoadFinds : public Load, public ::testing::WithParamInterface<Lie> {};

TEST_P(LoadFinds, TheLie) {
  Lies lies;
  GetParam().tell(lies);
  FakeShop shop(lies);
  EXPECT_EQ(run(shop_scenario(kVerified, lies.oversells ? 3 : 1000), shop), kInvariantViolated) << said();
  EXPECT_THAT(said(), HasSubstr(GetParam().found));
}

INSTANTIATE_TEST_SUITE_P(
    Of, LoadFinds,
    ::testing::Values(Lie{"AnOrderLost", [](Lies& l) { l.loses_orders = true; }, "is not there (404)"},
                      Lie{"AnOrderMadeTwice", [](Lies& l) { l.doubles_orders = true; }, "orders that no answer named"},
                      Lie{"StockSoldTwice", [](Lies& l) { l.oversells = true; }, "oversold: "},
                      Lie{"StockNotTaken", [](Lies& l) { l.keeps_stock = true; },
                          "on_hand is not what the orders leave"},
                      Lie{"StockNeverLetGo", [](Lies& l) { l.leaks_reservations = true; }, "units are reserved"},
                      Lie{"AnotherTotal", [](Lies& l) { l.changes_totals = true; }, "its lines or its total"},
                      Lie{"NoPayment", [](Lies& l) { l.forgets_payments = true; }, "its payment cannot be read"},
                      Lie{"ARepeatThatBuysAgain", [](Lies& l) { l.forgets_keys = true; }, "repeated with its key"},
                      Lie{"AHoleInTheHistory", [](Lies& l) { l.skips_events = true; }, "has seq 3"},
                      Lie{"AnOrderListedTwice", [](Lies& l) { l.lists_twice = true; }, "it is listed 2 times"}),
    [](const auto& lie) { return std::string(lie.param.name); });

TEST_F(Load, HoldsTheShopToWhatItAcknowledgedEvenIfItsListsForget) {
  FakeShop shop({.loses_orders = true, .oversells = true});
  EXPECT_EQ(run(shop_scenario(R"(settle = "1ms", verify = {"stock"})", 3), shop), kInvariantViolated) << said();
  EXPECT_THAT(out_.str(), HasSubstr("oversold: "));
}

TEST_F(Load, ExaminesProductsWhoseStockItsSetupRead) {
  const std::string buys = R"lua(return {name = "test", start_lag = "60s", settle = "1ms",
    setup = function(s)
      s:login("merchant@demo.stoa", "correct-horse-battery")
      return {id = "prd_of_before", on_hand = s:get("/v1/products/prd_of_before/stock").body.on_hand}
    end,
    load = {{shape = "constant", rate = 20, duration = "200ms"}},
    users = {count = 1, email = "load-%d@demo.stoa", password = "correct-horse-battery"},
    flows = {buy = function(s, d)
      local r = s:post("/v1/orders", {lines = {{product_id = d.id, quantity = 1}}}, {["Idempotency-Key"] = s:uuid()})
      if r.status == 201 then s:ack("order", r.body) end
    end},
    verify = {"stock"}})lua";
  FakeShop honest;
  EXPECT_EQ(run(buys, honest), kPassed) << said();
  EXPECT_THAT(out_.str(), HasSubstr("verified stock: 1 examined, all as promised"));
  FakeShop liar({.keeps_stock = true});
  EXPECT_EQ(run(buys, liar), kInvariantViolated) << said();
}

TEST_F(Load, FailsWhenAThresholdIsMissed) {
  FakeShop shop({.answer_after_ms = 30});
  EXPECT_EQ(run_anew(shop_scenario(R"(thresholds = {["browse.p50"] = "< 20ms"})"), shop), kThresholdMissed) << said();
  EXPECT_THAT(out_.str(), HasSubstr("MISSED"));
  EXPECT_THAT(err_.str(), HasSubstr("stoa load: threshold browse.p50 < 20ms is missed: it is "));
  EXPECT_EQ(
      run_anew(shop_scenario(R"(thresholds = {["browse.p50"] = "> 20ms", ["GET /v1/products/{id}.p50"] = "> 20ms"})"),
               shop),
      kPassed)
      << said();
}

TEST_F(Load, FailsWhenACheckFailsThatNoThresholdCovers) {
  FakeShop shop({.product_status = 404});
  EXPECT_EQ(run_anew(shop_scenario(""), shop), kCheckFailed) << said();
  EXPECT_EQ(run_anew(shop_scenario(R"(thresholds = {["checks.found"] = "< 1%"})"), shop), kPassed) << said();
  EXPECT_EQ(run_anew(shop_scenario(R"(thresholds = {["checks"] = "> 99%"})"), shop), kThresholdMissed) << said();
}

TEST_F(Load, CountsWhatEndsInErrorAgainstItsThreshold) {
  FakeShop shop;
  EXPECT_EQ(run(flow_scenario("s:expect(false, 'never')"), shop), kCheckFailed);
  EXPECT_THAT(out_.str(), HasSubstr("expect: never"));
  EXPECT_EQ(run(flow_scenario("s:expect(false)", R"(thresholds = {errors = "< 1%"})"), shop), kThresholdMissed);
  EXPECT_EQ(run(flow_scenario("local x = nil; x.y = 1"), shop), kCheckFailed);
  EXPECT_THAT(out_.str(), HasSubstr("scenario.lua:1: attempt to index"));
}

TEST_F(Load, CountsAnswersThatNeverCameAndBrokenServers) {
  {
    FakeShop shop({.hangs_up = true});
    EXPECT_EQ(run(shop_scenario(""), shop), kCheckFailed);
    EXPECT_THAT(out_.str(), HasSubstr("connection closed"));
  }
  FakeShop shop({.product_status = 503});
  EXPECT_EQ(run(shop_scenario(R"(thresholds = {checks = ">= 0%", errors = "< 1%"})"), shop), kThresholdMissed)
      << said();
}

TEST_F(Load, SaysWhenItCouldNotKeepItsOwnSchedule) {
  FakeShop shop({.answer_after_ms = 60'000});
  EXPECT_EQ(run(shop_scenario(R"(in_flight = 2, timeout = "300ms", thresholds = {checks = ">= 0%", errors = ">= 0%"})"),
                shop),
            kGeneratorTooSlow)
      << said();
  EXPECT_THAT(out_.str(), HasSubstr("were not started"));
  // A script that burns the processor: starts lag behind, and that is no fault of the target.
  EXPECT_EQ(run(flow_scenario("for i = 1, 9e7 do end"), shop), kGeneratorTooSlow) << said();
  EXPECT_THAT(out_.str(), HasSubstr("fell behind"));
}

TEST_F(Load, MeasuresFromTheIntendedStart) {
  // Ten at once over one connection: the last waits for all before it, and that is its latency.
  FakeShop shop({.answer_after_ms = 30});
  options_.json = (folder_ / "result.json").string();
  EXPECT_EQ(run(shop_scenario(R"(connections = 1, thresholds = {["browse.max"] = "> 150ms"})"), shop), kPassed)
      << said();
}

TEST_F(Load, RenewsATokenThatIsRefused) {
  FakeShop shop({.expires_after_requests = 4});
  EXPECT_EQ(run(shop_scenario(""), shop), kPassed) << said();
}

TEST_F(Load, FailsWhenTheTargetOrItsSetupFails) {
  std::string nobody;
  { nobody = FakeShop().url(); }
  EXPECT_EQ(run(flow_scenario(""), nobody), kFailed);
  EXPECT_THAT(err_.str(), HasSubstr("cannot reach " + nobody));
  FakeShop shop;
  EXPECT_EQ(run(flow_scenario("", "setup = function(s) s:login('nobody@x', 'y') end"), shop), kFailed);
  EXPECT_THAT(err_.str(), HasSubstr("setup: expect: login as nobody@x gave 401"));
}

TEST_F(Load, StopsALoopThatNeverEnds) {
  FakeShop shop;
  EXPECT_EQ(run(flow_scenario("", "setup = function(s) while true do end end"), shop), kFailed);
  EXPECT_THAT(err_.str(), HasSubstr("a loop that never ends"));
}

TEST_F(Load, EndsEarlyAndStillVerifiesWhenInterrupted) {
  FakeShop shop;
  options_.duration = "10m";
  std::thread stopper([&] {
    while (shop.seen().size() < 60) std::this_thread::yield();
    kill(getpid(), SIGINT);
  });
  EXPECT_EQ(run(shop_scenario(kVerified), shop), kFailed) << said();
  stopper.join();
  EXPECT_THAT(out_.str(), HasSubstr("the load was interrupted"));
  EXPECT_THAT(out_.str(), HasSubstr("verified orders"));
}

TEST_F(Load, ShowsItsProgress) {
  FakeShop shop;
  options_.terminal = true;
  options_.duration = "1200ms";
  EXPECT_EQ(run(shop_scenario(""), shop), kPassed);
  EXPECT_THAT(err_.str(), HasSubstr("1s of 1.20s"));
  EXPECT_THAT(err_.str(), HasSubstr("in flight"));
}

TEST_F(Load, RefusesOptionsThatItCannotRead) {
  options_.rate = "fast";
  EXPECT_EQ(run(flow_scenario(""), "http://127.0.0.1:1"), kBadScenario);
  options_ = {options_.file, "ftp://x", "", "", "", "", "", false};
  EXPECT_EQ(run(flow_scenario("")), kBadScenario);
  options_.target = "https://x";
  EXPECT_EQ(run(flow_scenario("")), kBadScenario);
  EXPECT_THAT(err_.str(), HasSubstr("TLS"));
  options_.file = (folder_ / "missing.lua").string();
  EXPECT_EQ(run_load(options_, out_, err_), kBadScenario);
}

TEST_F(Load, ScalesTheLoadAsAsked) {
  FakeShop shop;
  options_.rate = "100/s";
  options_.duration = "300ms";
  options_.json = (folder_ / "result.json").string();
  EXPECT_EQ(run(flow_scenario("", R"(start_lag = "60s")"), shop), kPassed);
  std::ifstream file(options_.json);
  EXPECT_EQ(nlohmann::json::parse(file)["generator"]["started"], 30);
}

}  // namespace
}  // namespace stoa::scenarios
