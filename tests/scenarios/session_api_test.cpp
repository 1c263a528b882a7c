#include "scenarios/session_api.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "scenarios/load.hpp"
#include "tests/scenarios/fake_shop.hpp"

namespace stoa::scenarios {
namespace {

using ::testing::HasSubstr;

// What a script sees: a setup whose assertions all hold, or the message of the one that does not.
std::string outcome_of(const std::string& setup) {
  const FakeShop shop;
  std::string name = (std::filesystem::temp_directory_path() / "stoa-session-XXXXXX").string();
  const std::filesystem::path folder = mkdtemp(name.data());
  LoadOptions options;
  options.file = folder / "s.lua";
  options.target = shop.url();
  std::ofstream(options.file)
      << "return {name = 'n', seed = 3, load = {{shape = 'constant', rate = 1, duration = '1ms'}},"
      << "flows = {f = function() end}, setup = function(s) " << setup << " end}";
  std::ostringstream out;
  std::ostringstream err;
  const int exit = run_load(options, out, err);
  std::filesystem::remove_all(folder);
  return exit == kPassed ? "" : err.str();
}

TEST(SessionApi, AnswersWithStatusBodyHeadersAndTime) {
  EXPECT_EQ(outcome_of(R"lua(
    local r = s:get("/big")
    assert(r.status == 200 and r.ms > 0 and r.error == nil)
    assert(math.type(r.body.big) == "integer" and r.body.big == 9007199254740993)
    assert(r.body.nothing == nil and #r.body.empty == 0)
    assert(r.headers["Content-Type"] == "application/json" and r.headers["content-type"] == "application/json")
    assert(r.headers["x-none"] == nil)
  )lua"),
            "");
}

TEST(SessionApi, SendsWhatItIsGiven) {
  EXPECT_EQ(outcome_of(R"lua(
    local login = s:login("merchant@demo.stoa", "correct-horse-battery")
    assert(login.status == 201 and s:user() == "merchant@demo.stoa")
    assert(s:get("/v1/products/prd_1").status == 200)
    assert(s:get("/v1/products/prd_1", {Authorization = "Bearer wrong"}).status == 401)
    assert(s:get("/v1/products/prd_1", nil, {authorization = "Bearer wrong"}).status == 401)
    for _, verb in ipairs {"put", "patch", "delete"} do assert(s[verb](s, "/v1/nothing", {}).status == 404) end
  )lua"),
            "");
}

TEST(SessionApi, RefusesRequestsThatWouldBreakHttp) {
  EXPECT_THAT(outcome_of("s:get('no-slash')"), HasSubstr("s.lua:1: the path must be"));
  EXPECT_THAT(outcome_of("s:get('/a b')"), HasSubstr("the path must be"));
  EXPECT_THAT(outcome_of("s:get('/a\\r\\nX: y')"), HasSubstr("the path must be"));
  EXPECT_THAT(outcome_of("s:post('/a', {}, {['X'] = 'a\\r\\nY: b'})"), HasSubstr("headers hold"));
  EXPECT_THAT(outcome_of("s:post('/a', {f = print})"), HasSubstr("body: f is a function"));
  EXPECT_THAT(outcome_of("s:post('/a', {1, 2, x = 3})"), HasSubstr("both places and names"));
  EXPECT_THAT(outcome_of("s:post('/a', {x = 0/0})"), HasSubstr("x is not a finite number"));
  EXPECT_THAT(outcome_of("local t = {}; t.t = t; s:post('/a', t)"), HasSubstr("nests too deep"));
}

TEST(SessionApi, DrawsFromTheSeedWithinBounds) {
  EXPECT_EQ(outcome_of(R"lua(
    local list, seen = {}, {}
    for i = 1, 50 do list[i] = i end
    for i = 1, 2000 do
      local u = s:uniform(3, 5)
      assert(math.type(u) == "integer" and u >= 3 and u <= 5)
      local f = s:uniform()
      assert(f >= 0 and f < 1)
      local z = s:zipf(list, 1.2)
      seen[z] = (seen[z] or 0) + 1
      assert(s:pick(list) <= 50)
    end
    assert(seen[1] > (seen[2] or 0) and (seen[2] or 0) > (seen[20] or 0))
    local u = s:uuid()
    assert(u:match("^%x%x%x%x%x%x%x%x%-%x%x%x%x%-4%x%x%x%-[89ab]%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$"), u)
    assert(u ~= s:uuid())
  )lua"),
            "");
  EXPECT_THAT(outcome_of("s:pick({})"), HasSubstr("an empty list"));
  EXPECT_THAT(outcome_of("s:uniform(5, 3)"), HasSubstr("low is above high"));
}

TEST(SessionApi, PollsUntilItIsTrueOrTooLate) {
  EXPECT_EQ(outcome_of(R"lua(
    local tries = 0
    local function third() tries = tries + 1; s:get("/"); return tries == 3 and "found" end
    assert(s:poll(third, {every = "1ms", at_most = "10s"}) == "found" and tries == 3)
    assert(s:poll(function() return false end, {every = "1ms", at_most = "5ms"}) == false)
    s:think("1ms")
    s:think(0.001)
  )lua"),
            "");
  EXPECT_THAT(outcome_of("s:think('soon')"), HasSubstr("a duration is a text"));
}

TEST(SessionApi, WalksTablesInOneOrder) {
  EXPECT_EQ(outcome_of(R"lua(
    local names = {}
    for name in pairs {c = 1, a = 1, b = 1, [2] = 1, [1] = 1} do names[#names + 1] = tostring(name) end
    assert(table.concat(names) == "12abc", table.concat(names))
  )lua"),
            "");
}

TEST(SessionApi, AcknowledgesOrdersOnly) {
  EXPECT_THAT(outcome_of("s:ack('parcel', {id = 'x'})"), HasSubstr("nothing verifies a \"parcel\""));
  EXPECT_THAT(outcome_of("s:ack('order', {})"), HasSubstr("an order has an id"));
  EXPECT_THAT(outcome_of("s:ack('order', {id = 'ord_1'})"), HasSubstr("nobody is logged in"));
}

TEST(SessionApi, SurvivesErrorsOfEveryKind) {
  EXPECT_THAT(outcome_of("error({})"), HasSubstr("raised a"));
  EXPECT_THAT(outcome_of("error()"), HasSubstr("raised a nil"));
  EXPECT_THAT(outcome_of("s:expect(false, {})"), HasSubstr("expect: table"));
  EXPECT_EQ(outcome_of("assert(not pcall(function() s:get('/'); error('x') end)); s:get('/')"), "");
}

}  // namespace
}  // namespace stoa::scenarios
