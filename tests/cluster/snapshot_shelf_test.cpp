#include "cluster/snapshot_shelf.hpp"

#include "tests/cluster/transfer_world.hpp"

namespace stoa {
namespace {

class SnapshotShelfTest : public ::testing::Test {
 protected:
  void settle() {
    for (int i = 0; i < 50; ++i) world_.step();
  }
  TransferWorld world_;
};

TEST_F(SnapshotShelfTest, OffersASnapshotOfOneIndex) {
  fill_group(world_, 3000, {9});
  const SnapshotOffer offer = world_.offered(kSnapshotGroup, 9);
  EXPECT_EQ(offer.at, (Position{4, 100}));
  EXPECT_TRUE(offer.members.contains(9));
  const auto manifest = decode_manifest(offer.manifest);
  ASSERT_TRUE(manifest.ok());
  EXPECT_EQ(manifest->index, 100u);
}

TEST_F(SnapshotShelfTest, OffersNoneWhoseMembersDoNotNameTheFollower) {
  fill_group(world_, 100, {8});
  world_.shelf.want(kSnapshotGroup, 9, 1);
  settle();
  EXPECT_EQ(world_.views, 1u);
  EXPECT_TRUE(world_.offers.empty());
  fill_group(world_, 100, {8, 9}, 101);
  EXPECT_EQ(world_.offered(kSnapshotGroup, 9).at.index, 101u);
}

TEST_F(SnapshotShelfTest, OffersNoneThatIsTooOld) {
  fill_group(world_, 100, {9});
  world_.shelf.want(kSnapshotGroup, 9, 101);
  settle();
  EXPECT_TRUE(world_.offers.empty());
}

TEST_F(SnapshotShelfTest, OffersAgainWhatItHasWhereThatWillDo) {
  fill_group(world_, 100, {8, 9});
  world_.offered(kSnapshotGroup, 9);
  fill_group(world_, 200, {8, 9}, 101);
  EXPECT_EQ(world_.offered(kSnapshotGroup, 8).at.index, 100u);
  EXPECT_EQ(world_.views, 1u);
}

TEST_F(SnapshotShelfTest, AWishIsNotRepeatedWhileASnapshotIsTaken) {
  fill_group(world_, 100, {9});
  for (int i = 0; i < 5; ++i) world_.shelf.want(kSnapshotGroup, 9, 1);
  settle();
  EXPECT_EQ(world_.views, 1u);
  EXPECT_EQ(world_.offers.size(), 1u);
}

TEST_F(SnapshotShelfTest, KeepsWhatIsReadAndForgetsWhatIsNot) {
  fill_group(world_, 100, {9});
  world_.offered(kSnapshotGroup, 9);
  EXPECT_NE(world_.shelf.hold(kSnapshotGroup, 100), nullptr);
  EXPECT_EQ(world_.shelf.hold(kSnapshotGroup, 99), nullptr);
  for (int i = 0; i < 2 * SnapshotShelf::kKeepTicks; ++i) world_.shelf.tick();
  EXPECT_EQ(world_.shelf.oldest_held(kSnapshotGroup), 100u);
  world_.shelf.release(kSnapshotGroup, 100);
  for (int i = 0; i < 2 * SnapshotShelf::kKeepTicks; ++i) world_.shelf.tick();
  EXPECT_EQ(world_.shelf.size(), 0u);
  EXPECT_EQ(world_.shelf.oldest_held(kSnapshotGroup), 0u);
}

TEST_F(SnapshotShelfTest, ANewOneTakesThePlaceOfThoseNobodyReads) {
  fill_group(world_, 100, {9});
  world_.offered(kSnapshotGroup, 9);
  fill_group(world_, 100, {9}, 101);
  world_.shelf.want(kSnapshotGroup, 9, 101);
  settle();
  EXPECT_EQ(world_.shelf.size(), 1u);
  EXPECT_EQ(world_.shelf.hold(kSnapshotGroup, 100), nullptr);
}

TEST_F(SnapshotShelfTest, AFullShelfLetsGoOfWhatNobodyReads) {
  fill_group(world_, 100, {9});
  for (uint16_t service = 1; service <= SnapshotShelf::kMostKept; ++service) {
    const GroupId group{service, kSnapshotGroup.shard};
    world_.offered(group, 9);
    if (service > 1) {
      ASSERT_NE(world_.shelf.hold(group, 100), nullptr);
    }
  }
  const GroupId one_more{SnapshotShelf::kMostKept + 1, kSnapshotGroup.shard};
  world_.offered(one_more, 9);
  EXPECT_NE(world_.shelf.hold(one_more, 100), nullptr);
  EXPECT_EQ(world_.shelf.hold({1, kSnapshotGroup.shard}, 100), nullptr);

  const size_t offers = world_.offers.size();
  world_.shelf.want({SnapshotShelf::kMostKept + 2, kSnapshotGroup.shard}, 9, 1);
  settle();
  EXPECT_EQ(world_.offers.size(), offers);
}

}  // namespace
}  // namespace stoa
