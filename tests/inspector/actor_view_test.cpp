#include "inspector/actor_view.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

class StillClock final : public Clock {
 public:
  Time now() const override { return Time{ns / 1'000'000}; }
  int64_t monotonic_ns() const override { return ns; }
  int64_t ns = 1'000'000'000;
};

TEST(ActorView, ShowsDepthAgeRateAndBusyShare) {
  StillClock clock;
  ProbeRegistry probes;
  Probe probe(probes, "order/3", "order", 3);
  ActorSampler sampler("n1", probes, clock);
  sampler.sample();
  for (int i = 0; i < 10; ++i) probe.queued(clock.ns);
  for (int i = 0; i < 6; ++i) probe.done(i % 2 ? "PlaceOrder" : "DecideOrder", clock.ns);
  probe.busy_ns += 500'000'000;
  clock.ns += 2'000'000'000;
  sampler.sample();
  const ActorView view = sampler.view();
  ASSERT_EQ(view.actors.size(), 1u);
  const ActorRow& row = view.actors[0];
  EXPECT_EQ(row.depth, 4u);
  EXPECT_EQ(row.oldest_ms, 2000);
  EXPECT_EQ(row.rate, 3);
  EXPECT_EQ(row.busy, 250);
  EXPECT_EQ(row.last.front(), "PlaceOrder");
  EXPECT_EQ(row.last.size(), 6u);
}

TEST(ActorView, SaysBusyAsAShareToPrograms) {
  ActorView view;
  view.actors.resize(2);
  view.actors[0].busy = 125;
  view.actors[1].busy = 1000;
  const std::string json = actor_view_json(view);
  EXPECT_NE(json.find(R"("busy":0.125,)"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("busy":1.0,)"), std::string::npos) << json;
  const ActorView again = read_actor_view(json).value();
  EXPECT_EQ(to_json(again), to_json(view));
}

TEST(ActorView, ForgetsActorsThatEnded) {
  StillClock clock;
  ProbeRegistry probes;
  ActorSampler sampler("n1", probes, clock);
  {
    Probe probe(probes, "courier", "", -1);
    EXPECT_EQ(sampler.view().actors.size(), 1u);
    EXPECT_FALSE(sampler.view().actors[0].service);
  }
  EXPECT_TRUE(sampler.view().actors.empty());
}

}  // namespace
}  // namespace stoa
