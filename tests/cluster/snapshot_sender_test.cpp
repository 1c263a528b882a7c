#include "cluster/snapshot_sender.hpp"

#include "tests/cluster/transfer_world.hpp"

namespace stoa {
namespace {

constexpr ReplicaId kFollower = 9;

// Sends what the shelf has, as often as the core would, until it was reported as done.
bool bring(TransferWorld& world, const SnapshotOffer& offer, ReplicaId to) {
  world.node(to).expected = offer.manifest;
  for (int tries = 0; tries < 50; ++tries) {
    const size_t before = world.reports.size();
    world.sender.send(kSnapshotGroup, kLeader, to, "message", offer);
    if (!world.tick_until([&] { return world.reports.size() > before; })) return false;
    EXPECT_EQ(world.reports.size(), before + 1);
    if (world.reports.back() == std::pair(to, true)) return true;
  }
  return false;
}

class SnapshotSenderTest : public ::testing::Test {
 protected:
  void send(ReplicaId to) {
    world_.node(to).expected = offer_.manifest;
    world_.sender.send(kSnapshotGroup, kLeader, to, "message", offer_);
  }

  TransferWorld world_;
  SnapshotOffer offer_ = [this] {
    fill_group(world_, 16'000, {7, 8, kFollower});  // 20 chunks
    return world_.offered(kSnapshotGroup, kFollower);
  }();
};

TEST_F(SnapshotSenderTest, BringsTheWholeAndThenTheMessage) {
  send(kFollower);
  EXPECT_TRUE(world_.reports.empty()) << "never from inside";
  ASSERT_TRUE(world_.tick_until([&] { return !world_.reports.empty(); }));
  EXPECT_EQ(world_.reports, (std::vector<std::pair<ReplicaId, bool>>{{kFollower, true}}));
  ReceivingNode& node = world_.node(kFollower);
  EXPECT_EQ(node.stepped, (std::vector<std::pair<GroupId, std::string>>{{kSnapshotGroup, "message"}}));
  ASSERT_EQ(node.taken.size(), 1u);
  EXPECT_TRUE(holds(node.taken[0], world_.database));
  EXPECT_EQ(world_.chunks_sent, 20u);
  EXPECT_EQ(world_.sender.transfers(), 0u);
}

TEST_F(SnapshotSenderTest, HasOnlyAFewChunksUnderWay) {
  world_.node(kFollower).disk_waits = true;
  send(kFollower);
  for (int i = 0; i < 50; ++i) world_.step();
  EXPECT_EQ(world_.chunks_sent, 0u) << "the staging is not open yet";
  world_.node(kFollower).worker.run();
  for (int i = 0; i < 50; ++i) world_.step();
  EXPECT_EQ(world_.chunks_sent, TransferLimits{}.window);
  world_.node(kFollower).disk_waits = false;
  ASSERT_TRUE(world_.tick_until([&] { return !world_.reports.empty(); }));
  EXPECT_LE(world_.most_under_way, TransferLimits{}.window);
  EXPECT_LE(world_.held_bytes, kSnapshotChunkBytes);
}

TEST_F(SnapshotSenderTest, BringsSeveralAtOnceAndTheOthersLater) {
  const std::vector<ReplicaId> followers{21, 22, 23, 24, 25, 26};
  fill_group(world_, 16'000, followers, 101);
  world_.offers.clear();
  world_.shelf.want(kSnapshotGroup, 21, 101);
  while (world_.offers.empty()) world_.step();
  offer_ = world_.offers.back().second;
  for (const ReplicaId to : followers) send(to);
  ASSERT_TRUE(world_.tick_until([&] { return world_.reports.size() == followers.size(); }));
  for (const auto& [to, ok] : world_.reports) EXPECT_TRUE(ok) << to;
  for (const ReplicaId to : followers) EXPECT_TRUE(holds(world_.node(to).taken.at(0), world_.database));
}

TEST_F(SnapshotSenderTest, GivesUpOnAReceiverThatIsSilent) {
  world_.cut.insert(kFollower);
  send(kFollower);
  ASSERT_TRUE(world_.tick_until([&] { return !world_.reports.empty(); }, 200));
  EXPECT_EQ(world_.reports.back(), std::pair(kFollower, false));
  EXPECT_EQ(world_.sender.transfers(), 0u);
}

TEST_F(SnapshotSenderTest, ALostPeerEndsItsTransfersAtOnce) {
  send(kFollower);
  send(8);
  for (int i = 0; i < 4; ++i) world_.step();
  world_.sender.lost([](GroupId, ReplicaId to) { return to == kFollower; });
  EXPECT_EQ(world_.reports, (std::vector<std::pair<ReplicaId, bool>>{{kFollower, false}}));
  ASSERT_TRUE(world_.tick_until([&] { return world_.reports.size() == 2; }));
  EXPECT_EQ(world_.reports.back(), std::pair(ReplicaId{8}, true));
}

TEST_F(SnapshotSenderTest, GoesOnWhereALostTransferEnded) {
  send(kFollower);
  ASSERT_TRUE(world_.tick_until([&] { return world_.chunks_sent >= 6; }));
  world_.cut.insert(kFollower);
  world_.sender.lost([](GroupId, ReplicaId) { return true; });
  for (int i = 0; i < 20; ++i) world_.step();
  world_.cut.clear();
  const size_t before = world_.chunks_sent;
  EXPECT_TRUE(bring(world_, offer_, kFollower));
  EXPECT_LT(world_.chunks_sent - before, 20u - before + 2);
  EXPECT_TRUE(holds(world_.node(kFollower).taken.at(0), world_.database));
}

TEST_F(SnapshotSenderTest, WaitsWhileNothingLeaves) {
  world_.full = true;
  send(kFollower);
  for (int i = 0; i < 50; ++i) world_.tick();
  world_.full = false;
  ASSERT_TRUE(world_.tick_until([&] { return !world_.reports.empty(); }));
  EXPECT_EQ(world_.reports.back(), std::pair(kFollower, true));
}

TEST_F(SnapshotSenderTest, ASnapshotThatWasPutAwayIsTakenAnew) {
  for (int i = 0; i < 2 * SnapshotShelf::kKeepTicks; ++i) world_.shelf.tick();
  ASSERT_EQ(world_.shelf.size(), 0u);
  send(kFollower);
  ASSERT_TRUE(world_.tick_until([&] { return world_.offers.size() == 2; }));
  EXPECT_EQ(world_.reports.back(), std::pair(kFollower, false));
  EXPECT_TRUE(bring(world_, world_.offers.back().second, kFollower));
}

TEST_F(SnapshotSenderTest, AnAnswerToAnotherTransferChangesNothing) {
  send(kFollower);
  world_.loop.run();
  world_.sender.received({kSnapshotGroup, kLeader, kFollower, 999, TransferDone{}});
  world_.sender.received({kSnapshotGroup, kLeader, 8, 1, TransferDone{}});
  world_.sender.received({{9, 9}, kLeader, kFollower, 1, TransferDone{}});
  EXPECT_TRUE(world_.reports.empty());
}

TEST_F(SnapshotSenderTest, ACreditBeyondTheEndEndsTheTransfer) {
  send(kFollower);
  world_.loop.run();
  world_.sender.received({kSnapshotGroup, kLeader, kFollower, 1, TransferCredit{0, ~uint64_t{0}, false}});
  world_.sender.received({kSnapshotGroup, kLeader, kFollower, 1, TransferCredit{21, 25, false}});
  EXPECT_EQ(world_.reports.back(), std::pair(kFollower, false));
}

// 200,000 records: no job of a loop, the sender's or the receiver's, costs more than a chunk does.
TEST(SnapshotSenderSize, ABigShardStopsNoLoop) {
  TransferWorld world;
  fill_group(world, 200'000, {kFollower});
  const SnapshotOffer offer = world.offered(kSnapshotGroup, kFollower);  // the twin's view is a copy, made on the loop
  for (QueueExecutor* executor : {&world.loop, &world.worker}) executor->measured = true;
  ReceivingNode& node = world.node(kFollower);
  for (QueueExecutor* executor : {&node.loop, &node.worker}) executor->measured = true;
  ASSERT_TRUE(bring(world, offer, kFollower));
  EXPECT_GT(world.chunks_sent, 200u);
  const int64_t total = world.worker.total_ns + node.worker.total_ns;
  EXPECT_LT(world.loop.longest_ns, total / 20) << total;
  EXPECT_LT(node.loop.longest_ns, total / 20) << total;
}

// Messages are lost, doubled, late and garbled: what is reported as done is there, whole.
TEST(SnapshotSenderSeeds, BringsSnapshotsOverBadLinks) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SeededRandom random(seed);
    const Weather weather{random.below(30), random.below(30), random.below(60), random.below(20)};
    TransferWorld world(seed, weather);
    fill_group(world, 6000 + random.below(6000), {7, 8, kFollower});
    const SnapshotOffer offer = world.offered(kSnapshotGroup, kFollower);
    for (const ReplicaId to : {ReplicaId{7}, ReplicaId{8}, kFollower}) {
      ASSERT_TRUE(bring(world, offer, to)) << "seed " << seed;
      ReceivingNode& node = world.node(to);
      ASSERT_GE(node.taken.size(), 1u) << "seed " << seed;
      EXPECT_TRUE(holds(node.taken[0], world.database)) << "seed " << seed;
      EXPECT_EQ(node.fault, "");
    }
  }
}

}  // namespace
}  // namespace stoa
