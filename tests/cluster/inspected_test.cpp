#include "cluster/inspected.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

class Echo final : public Inspected<caf::event_based_actor> {
 public:
  Echo(caf::actor_config& config, LoopUnit& unit, Probe& probe) : Inspected(config, unit, probe) {}
  caf::behavior make_behavior() override {
    return {[this](int number) {
      name_message("number");
      return number;
    }};
  }
};

class InspectedTest : public testing::Test {
 protected:
  InspectedTest() : system_(config()) {
    echo_ = system_.spawn<Echo, caf::lazy_init>(std::ref(unit_), std::ref(probe_));
  }
  ~InspectedTest() override {
    caf::anon_send_exit(echo_, caf::exit_reason::user_shutdown);
    echo_ = nullptr;
    while (system_.registry().running() > 0) loop_.poll();
    loop_.poll();
  }
  static caf::actor_system_config& config() {
    static caf::actor_system_config config;
    config.set("scheduler.policy", caf::atom("sharing"));
    config.set("scheduler.max-threads", 1u);
    return config;
  }
  void run() {
    while (loop_.poll()) continue;
  }

  Loop loop_;
  caf::actor_system system_;
  LoopUnit unit_{loop_, system_};
  ProbeRegistry registry_;
  Probe probe_{registry_, "echo", "", -1};
  caf::actor echo_;
};

TEST_F(InspectedTest, RunsOnItsLoopAndNowhereElse) {
  caf::scoped_actor self{system_};
  caf::anon_send(echo_, 1);
  EXPECT_EQ(probe_.depth(), 1u);
  EXPECT_EQ(probe_.handled, 0u);
  run();
  EXPECT_EQ(probe_.depth(), 0u);
  EXPECT_EQ(probe_.handled, 1u);
}

TEST_F(InspectedTest, TellsWhatItHandledLastAndHowLongItWasBusy) {
  caf::anon_send(echo_, 1);
  caf::anon_send(echo_, std::string("nobody understands this"));
  run();
  EXPECT_STREQ(probe_.last[0], "number");
  EXPECT_STREQ(probe_.last[1], "message");
  EXPECT_GT(probe_.busy_ns, 0);
}

TEST_F(InspectedTest, BouncesRequestsOverItsBoundAndNothingElse) {
  for (uint64_t i = 0; i < Echo::kMaxDepth; ++i) caf::anon_send(echo_, 1);
  caf::scoped_actor self{system_};
  std::optional<caf::error> bounced;
  auto request = self->request(echo_, caf::infinite, 7);
  request.receive([&](int) { FAIL() << "the loop does not run"; }, [&](caf::error& e) { bounced = e; });
  EXPECT_EQ(bounced, caf::error(caf::sec::runtime_error));
  caf::anon_send(echo_, 1);
  EXPECT_EQ(probe_.depth(), Echo::kMaxDepth + 1) << "what nobody would be told of is kept";
  run();
  EXPECT_EQ(probe_.depth(), 0u);
  auto again = self->request(echo_, caf::infinite, 7);
  run();
  int answer = 0;
  again.receive([&](int number) { answer = number; }, [&](caf::error&) {});
  EXPECT_EQ(answer, 7);
}

}  // namespace
}  // namespace stoa
