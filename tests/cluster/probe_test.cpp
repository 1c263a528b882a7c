#include "cluster/probe.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <vector>

namespace stoa {
namespace {

std::vector<std::string> names(const ProbeRegistry& registry) {
  std::vector<std::string> out;
  registry.each([&](const Probe& probe) { out.push_back(probe.name); });
  return out;
}

TEST(Probe, CountsWhatWaitsAndSinceWhen) {
  ProbeRegistry registry;
  Probe probe(registry, "order/3", "order", 3);
  EXPECT_EQ(probe.depth(), 0u);
  probe.queued(100);
  probe.queued(200);
  EXPECT_EQ(probe.depth(), 2u);
  EXPECT_EQ(probe.waiting_since_ns, 100) << "the oldest";
  probe.done("PlaceOrder", 300);
  EXPECT_EQ(probe.depth(), 1u);
  EXPECT_EQ(probe.waiting_since_ns, 300) << "what is next has waited at most since then";
  probe.done("PlaceOrder", 400);
  probe.queued(500);
  EXPECT_EQ(probe.waiting_since_ns, 500);
}

TEST(Probe, IsNeverLessThanEmpty) {
  ProbeRegistry registry;
  Probe probe(registry, "a", "", -1);
  probe.done("seen before it was counted", 1);
  EXPECT_EQ(probe.depth(), 0u);
}

TEST(Probe, RemembersTheLastMessagesInARing) {
  ProbeRegistry registry;
  Probe probe(registry, "a", "", -1);
  for (size_t i = 0; i < Probe::kLast; ++i) probe.done("old", 1);
  probe.done("new", 1);
  EXPECT_STREQ(probe.last[0], "new");
  EXPECT_STREQ(probe.last[1], "old");
}

TEST(ProbeRegistry, KnowsTheLivingAlone) {
  ProbeRegistry registry;
  auto a = std::make_unique<Probe>(registry, "a", "", -1);
  Probe b(registry, "b", "", -1);
  EXPECT_NE(a->id, b.id);
  EXPECT_EQ(names(registry).size(), 2u);
  a.reset();
  EXPECT_EQ(names(registry), std::vector<std::string>{"b"});
}

}  // namespace
}  // namespace stoa
