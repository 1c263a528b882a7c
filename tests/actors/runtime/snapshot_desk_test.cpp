// A node that was away for longer than the others keep their logs comes back by a snapshot, whatever happens meanwhile.
#include "actors/runtime/snapshot_desk.hpp"

#include <gtest/gtest.h>

#include "tests/actors/runtime/cluster_of_nodes.hpp"

namespace stoa {
namespace {

constexpr GroupId kGroup{counter::kNumber, 0};
constexpr Slot kSlot = 0;

class SnapshotDeskTest : public ::testing::Test {
 protected:
  SnapshotDeskTest() {
    cluster_.run_until([&] { return !cluster_.leader(0).empty() && !cluster_.leader(1).empty(); });
  }

  ShardHost::Hosted* hosted(const std::string& node) {
    for (const auto& hosted : cluster_.nodes.at(node)->host().shards()) {
      if (hosted->group == kGroup) return hosted.get();
    }
    return nullptr;
  }
  const Replica& replica(const std::string& node) { return hosted(node)->shard->replica(); }

  // Commits through n1, `count` entries or more; names and values are of no matter.
  void commit(int count) {
    for (int i = 0; i < count; ++i) {
      Call call;
      SeededRandom random(++commands_);
      call.request = RequestId{mint_uuid(cluster_.clock.now(), 0, random)};
      ASSERT_FALSE(
          cluster_.call("n1", kSlot, Add{"c" + std::to_string(commands_ % 50), 1}, std::move(call))->refused());
    }
  }
  // Nobody's log has what n3 has not.
  void fall_behind() {
    const Index had = replica("n3").last_index();
    cluster_.kill("n3");
    commit(2100);
    for (const std::string node : {"n1", "n2"}) hosted(node)->state->hand_over(true);
    cluster_.run_until([&] { return replica("n1").first_index() > had + 1 && replica("n2").first_index() > had + 1; });
  }
  bool caught_up() {
    return replica("n3").applied() == replica("n1").applied() && replica("n2").applied() == replica("n1").applied();
  }
  std::string content(const std::string& node) {
    std::string out;
    hosted(node)->state->scan(table_prefix(kGroup.shard, 1), after_prefix(shard_prefix(kGroup.shard)), false,
                              [&](std::string_view key, std::string_view value) {
                                out.append(key).append("=").append(value).append(";");
                                return true;
                              });
    return out;
  }
  void expect_alike() {
    cluster_.run_until([&] { return caught_up(); });
    EXPECT_FALSE(content("n1").empty());
    EXPECT_TRUE(content("n3") == content("n1"));
  }

  ClusterOfNodes cluster_{3};
  uint64_t commands_ = 0;
};

TEST_F(SnapshotDeskTest, ANodeThatStayedTooFarBehindGetsTheState) {
  fall_behind();
  cluster_.start("n3");
  const Index before = replica("n3").applied().index;
  bool installed = false;
  cluster_.run_until([&] {
    installed = installed || replica("n3").installing();
    return caught_up();
  });
  EXPECT_TRUE(installed);
  EXPECT_GT(replica("n3").first_index(), before + 1) << "its log begins behind the snapshot";
  expect_alike();
  commit(5);
  expect_alike();
  // And it is as good a voter as any: it carries the group without one of the others.
  cluster_.kill("n2");
  const auto answer = cluster_.call("n1", kSlot, Show{"c1"});
  EXPECT_FALSE(answer->refused());
  // Nothing is left of what was staged.
  cluster_.start("n2");
  cluster_.run_until([&] { return cluster_.disk("n3").staging.list().value().empty(); });
}

TEST_F(SnapshotDeskTest, WhatItInstalledIsThereAfterACrash) {
  fall_behind();
  cluster_.start("n3");
  cluster_.run_until([&] { return caught_up(); });
  const Index had = replica("n3").first_index();
  cluster_.kill("n3");
  cluster_.start("n3");
  EXPECT_GE(replica("n3").applied().index + 1, had);
  expect_alike();
}

// The power of the receiver goes after any number of rounds.
TEST_F(SnapshotDeskTest, APowerCutOnTheWayIsSurvived) {
  fall_behind();
  for (int rounds = 1; rounds < 400; rounds += 1 + rounds / 6) {
    cluster_.start("n3");
    for (int i = 0; i < rounds; ++i) cluster_.step();
    cluster_.kill("n3");
  }
  cluster_.start("n3");
  expect_alike();
}

// The leader goes after any number of rounds, and comes back.
TEST_F(SnapshotDeskTest, ALeaderThatGoesOnTheWayIsReplaced) {
  fall_behind();
  cluster_.start("n3");
  for (int turn = 0; turn < 4; ++turn) {
    for (int i = 0; i < 3 + 7 * turn; ++i) cluster_.step();
    const std::string led = cluster_.leader(0);
    if (led.empty() || led == "n3") break;
    cluster_.kill(led);
    cluster_.start(led);
    cluster_.run_until([&] { return !cluster_.leader(0).empty(); });
  }
  expect_alike();
}

TEST_F(SnapshotDeskTest, ALinkThatBreaksOnTheWayIsNoHarm) {
  fall_behind();
  cluster_.start("n3");
  for (int turn = 1; turn < 12; ++turn) {
    for (int i = 0; i < turn; ++i) cluster_.step();
    cluster_.links.cut("n1", "n3");
    cluster_.links.cut("n2", "n3");
    cluster_.step();
    cluster_.links.heal();
  }
  expect_alike();
}

}  // namespace
}  // namespace stoa
