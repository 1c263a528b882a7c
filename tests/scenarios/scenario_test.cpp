#include "scenarios/scenario.hpp"

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/engine.hpp"

namespace stoa::scenarios {
namespace {

using ::testing::HasSubstr;

class ScenarioFile : public ::testing::Test {
 protected:
  ScenarioFile() {
    std::string name = (std::filesystem::temp_directory_path() / "stoa-scenario-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~ScenarioFile() override { std::filesystem::remove_all(folder_); }

  Result<Scenario> read(const std::string& text) {
    const std::string file = folder_ / "s.lua";
    std::ofstream(file) << text;
    return read_scenario(engine_.lua(), file);
  }
  // A whole scenario with one key more, or another one.
  Result<Scenario> with(const std::string& more) {
    return read(
        "local s = {name = 'n', load = {{shape = 'constant', rate = 1, duration = '1s'}}, flows = {f = function() "
        "end}}\n" +
        more + "\nreturn s");
  }
  std::string refusal(const std::string& more) {
    const auto scenario = with(more);
    return scenario ? "nothing refused" : scenario.error().what;
  }

  std::filesystem::path folder_;
  SystemClock clock_;
  boost::asio::io_context io_;
  Engine engine_{io_, clock_};
};

TEST_F(ScenarioFile, IsReadWhole) {
  const auto read = with(R"lua(
    s.seed = 7; s.target = "http://127.0.0.1:8080"; s.setup = function() end
    s.load = {{shape = "ramp", from = 0, to = 200, duration = "10s"},
              {shape = "constant", rate = 200, duration = "30s", arrivals = "poisson"}}
    s.users = {count = 50, email = "load-%d@demo.stoa", password = "correct-horse-battery"}
    s.flows = {browse = function() end, checkout = function() end, never = function() end}
    s.mix = {browse = 9, checkout = 1}
    s.thresholds = {["checkout.p99"] = "< 50ms", ["errors"] = "< 0.1%"}
    s.faults = {}
    s.verify = {"stock", "orders", "idempotency", "events"})lua");
  ASSERT_TRUE(read.ok()) << read.error().what;
  EXPECT_EQ(read->seed, 7u);
  ASSERT_EQ(read->load.size(), 2u);
  EXPECT_EQ(read->load[0].to, 200);
  EXPECT_TRUE(read->load[1].poisson);
  EXPECT_EQ(read->users->count, 50);
  ASSERT_EQ(read->flows.size(), 2u);
  EXPECT_EQ(read->flows[0].name, "browse");
  EXPECT_EQ(read->flows[0].weight, 9u);
  EXPECT_EQ(read->thresholds.size(), 2u);
  EXPECT_TRUE(read->setup.has_value());
  EXPECT_TRUE(read->verify.stock && read->verify.orders && read->verify.idempotency && read->verify.events);
}

TEST_F(ScenarioFile, NamesTheLineOfAFaultInLua) {
  EXPECT_THAT(read("return {\n  name = ,\n}").error().what, HasSubstr("s.lua:2: unexpected symbol"));
  EXPECT_THAT(read("\nlocal x = nil\nreturn x.y").error().what, HasSubstr("s.lua:3: attempt to index"));
  EXPECT_THAT(read("while true do end").error().what, HasSubstr("never ends"));
  EXPECT_THAT(read("return 5").error().what, HasSubstr("must return a table"));
}

TEST_F(ScenarioFile, NamesTheKeyOfAnyOtherFault) {
  EXPECT_THAT(refusal("s.name = nil"), HasSubstr("s.lua: name: must be a text"));
  EXPECT_THAT(refusal("s.nmae = 'x'"), HasSubstr("nmae: no such key"));
  EXPECT_THAT(refusal("s[1] = 'x'"), HasSubstr("must have names"));
  EXPECT_THAT(refusal("s.seed = -1"), HasSubstr("seed: must be a whole number"));
  EXPECT_THAT(refusal("s.load = {}"), HasSubstr("load: must hold at least one phase"));
  EXPECT_THAT(refusal("s.load[1].shape = 'wave'"), HasSubstr("load[1].shape: is \"wave\""));
  EXPECT_THAT(refusal("s.load[1].rate = '9'"), HasSubstr("load[1].rate: must be a number"));
  EXPECT_THAT(refusal("s.load[1].rate = 0"), HasSubstr("load: has no rate above 0"));
  EXPECT_THAT(refusal("s.load[1].duration = 10"), HasSubstr("load[1].duration: must be a duration"));
  EXPECT_THAT(refusal("s.load[1].arrivals = 'often'"), HasSubstr("load[1].arrivals"));
  EXPECT_THAT(refusal("s.load[1].from = 1"), HasSubstr("load[1].from: no such key"));
  EXPECT_THAT(refusal("s.load = print"), HasSubstr("load: the value is a function"));
  EXPECT_THAT(refusal("s.users = {count = 2, email = 'x@y', password = 'p'}"), HasSubstr("users.email: must hold %d"));
  EXPECT_THAT(refusal("s.users = {count = 0, email = '%d@y', password = 'p'}"), HasSubstr("users.count"));
  EXPECT_THAT(refusal("s.flows = nil"), HasSubstr("flows: must be a table"));
  EXPECT_THAT(refusal("s.flows.f = 5"), HasSubstr("flows: must hold functions"));
  EXPECT_THAT(refusal("s.flows.errors = function() end"), HasSubstr("flows.errors: is no name"));
  EXPECT_THAT(refusal("s.mix = {g = 1}"), HasSubstr("mix.g: there is no such flow"));
  EXPECT_THAT(refusal("s.mix = {f = 0}"), HasSubstr("no flow would ever run"));
  EXPECT_THAT(refusal("s.thresholds = {['g.p99'] = '< 1s'}"), HasSubstr("thresholds: \"g.p99\" names neither"));
  EXPECT_THAT(refusal("s.thresholds = {['f.p99'] = '1s'}"), HasSubstr("\"f.p99\" is \"1s\""));
  EXPECT_THAT(refusal("s.verify = {'money'}"), HasSubstr("verify[1]: is \"money\""));
  EXPECT_THAT(refusal("s.setup = 5"), HasSubstr("setup: must be a function"));
  EXPECT_THAT(refusal("s.timeout = 'soon'"), HasSubstr("timeout: must be a duration"));
}

TEST_F(ScenarioFile, RefusesFaultsThatNobodyWouldCarryOut) {
  EXPECT_THAT(refusal("s.faults = {{at = '2s', action = 'melt', node = 'n1'}}"),
              HasSubstr("faults[1].action: is \"melt\""));
  EXPECT_THAT(refusal("s.faults = {{at = '2s', action = 'kill', node = 'n1'}}"),
              HasSubstr("faults: faults need a cluster"));
}

TEST_F(ScenarioFile, HasNoWayOutOfItsSandbox) {
  for (const char* name : {"io", "os", "require", "dofile", "loadfile", "load", "debug", "package", "math.random"}) {
    EXPECT_TRUE(with("assert(" + std::string(name) + " == nil)").ok()) << name;
  }
}

}  // namespace
}  // namespace stoa::scenarios
