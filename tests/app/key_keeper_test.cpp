#include "app/key_keeper.hpp"

#include <gtest/gtest.h>

#include "tests/app/catalog_by_hand.hpp"

namespace stoa {
namespace {

constexpr int64_t kHourMs = 3'600'000;

MasterKey master(char byte) { return MasterKey(Secret(std::string(MasterKey::kBytes, byte))); }

// One catalog, and the nodes that share its keys.
struct Cluster {
  Cluster() { catalog.fixture.now = clock.now(); }

  ManualClock clock;
  SeededRandom random{1};
  CatalogByHand catalog;
  CatalogCaller caller{catalog, clock, random};

  KeysView view() const { return catalog::keys_view(catalog.fixture.reader()); }
  void advance_ms(int64_t ms) {
    clock.advance_ms(ms);
    catalog.fixture.now = clock.now();
  }
};

struct Node {
  Node(Cluster& c, const std::string& name, FormerKeys former = {}, char master_byte = 'm')
      : cluster(c), keeper(master(master_byte), std::move(former), name, ring, c.caller, [this](const Secret& s) {
          secret = s.reveal();
        }) {}
  void step(int64_t rotate_after_hours = 0) {
    keeper.tick(rotate_after_hours);
    cluster.catalog.answer();
    if (cluster.view().version != 0) keeper.learn(cluster.view());
  }

  Cluster& cluster;
  user::KeyRing ring;
  std::string secret;
  KeyKeeper keeper;
};

TEST(KeyKeeper, ANewClusterGetsItsFirstKeys) {
  Cluster c;
  Node n(c, "n1");
  EXPECT_FALSE(n.keeper.known());
  n.step();
  EXPECT_TRUE(n.keeper.known());
  EXPECT_FALSE(n.ring.key_id(c.clock.now()).empty());
  EXPECT_GE(n.secret.size(), 32u);
  EXPECT_EQ(c.view().keys.at(0).key.sealed.find(n.secret), std::string::npos);
}

TEST(KeyKeeper, AllNodesHaveTheSameKeysAndTheSameSecret) {
  Cluster c;
  Node one(c, "n1"), two(c, "n2");
  one.step();
  two.step();
  EXPECT_EQ(one.secret, two.secret);
  const UserId user = UserId::mint(c.clock.now(), 1, c.random);
  const std::string token = one.ring.sign(user, UserRole::kAdmin, Uuid{1, 2}, c.clock.now());
  EXPECT_TRUE(two.ring.verify(token, c.clock.now()).token.has_value());
}

TEST(KeyKeeper, TheFormerKeysOfASingleNodeAreTheFirst) {
  Cluster c;
  const Secret seed(std::string(32, 's'));
  const user::SigningKey former(seed);
  Node n(c, "n1", {seed, Secret("the secret that was in the file")});
  n.step();
  EXPECT_EQ(n.ring.key_id(c.clock.now()), former.id());
  EXPECT_EQ(n.secret, "the secret that was in the file");
  EXPECT_TRUE(n.keeper.took_over());
}

TEST(KeyKeeper, KeysUnderAnotherMasterKeyAreSaidToBe) {
  Cluster c;
  Node one(c, "n1"), stranger(c, "n2", {}, 'x');
  one.step();
  stranger.step();
  EXPECT_FALSE(stranger.keeper.known());
  EXPECT_NE(stranger.keeper.fault().find(master('m').id()), std::string::npos);
  EXPECT_TRUE(stranger.ring.empty());
  EXPECT_EQ(stranger.secret, "");
}

TEST(KeyKeeper, WithTheMasterKeyLostAllKeysAreMadeAnewAndOnlyThen) {
  Cluster c;
  Node one(c, "n1"), stranger(c, "n1", {}, 'x');
  one.step();
  Answer answer;
  one.keeper.replace("ada", [&](const Answer& a) { answer = a; });
  EXPECT_EQ(answer.code, kIllegalTransition.code);
  const std::string old = one.ring.key_id(c.clock.now());
  stranger.step();
  stranger.keeper.replace("ada", [&](const Answer& a) { answer = a; });
  stranger.step();
  EXPECT_FALSE(answer.refused()) << answer.detail;
  EXPECT_TRUE(stranger.keeper.known());
  ASSERT_EQ(c.view().keys.size(), 1u);
  EXPECT_NE(c.view().keys[0].key.id, old);
}

TEST(KeyKeeper, ARotatedKeySignsAfterAMinuteAndTheOldOneIsGoodUntilItsTokensEnd) {
  Cluster c;
  Node n(c, "n1");
  n.step();
  const std::string old = n.ring.key_id(c.clock.now());
  const UserId user = UserId::mint(c.clock.now(), 1, c.random);
  Answer answer;
  n.keeper.rotate("ada", [&](const Answer& a) { answer = a; });
  c.catalog.answer();
  EXPECT_FALSE(answer.refused()) << answer.detail;
  n.step();
  EXPECT_EQ(n.ring.key_id(c.clock.now()), old);
  c.advance_ms(59'999);
  const std::string token = n.ring.sign(user, UserRole::kAdmin, Uuid{1, 2}, c.clock.now());
  c.advance_ms(1);
  EXPECT_NE(n.ring.key_id(c.clock.now()), old);
  EXPECT_TRUE(n.ring.verify(token, c.clock.now()).token.has_value());
}

TEST(KeyKeeper, AKeyIsReplacedWhenItIsOldByOneNodeOnly) {
  Cluster c;
  Node one(c, "n1"), two(c, "n2");
  one.step();
  two.step();
  c.advance_ms(24 * kHourMs - 1);
  one.step(24);
  EXPECT_EQ(c.view().keys.size(), 1u);
  c.advance_ms(1);
  one.keeper.tick(24);
  two.keeper.tick(24);
  c.catalog.answer();
  EXPECT_EQ(c.view().keys.size(), 2u);
  one.step(24);
  two.step(24);
  EXPECT_EQ(c.view().keys.size(), 2u);
}

TEST(KeyKeeper, AKeyIsNeverTooOldWhereItsAgeDoesNotCount) {
  Cluster c;
  Node n(c, "n1");
  n.step();
  c.advance_ms(10'000 * kHourMs);
  n.step(0);
  EXPECT_EQ(c.view().keys.size(), 1u);
}

}  // namespace
}  // namespace stoa
