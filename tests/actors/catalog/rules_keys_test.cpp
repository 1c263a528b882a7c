#include <gtest/gtest.h>

#include "actors/catalog/rules.hpp"
#include "tests/actors/rules_fixture.hpp"

namespace stoa::catalog {
namespace {

constexpr int64_t kLife_ms = 600'000;

class CatalogKeys : public testing::Test, public RulesFixture {
 protected:
  CatalogKeys() { now = Time{1'000'000}; }

  static SigningKeyOffer key(const std::string& id) { return {id, "public of " + id, "sealed " + id, "master"}; }
  void offer(const std::string& id) { must(offer_first_keys, OfferFirstKeys{key(id), "secret of " + id, "n1", false}); }
  Outcome rotate(const std::string& id, const std::string& newest) {
    return run(rotate_signing_key, RotateSigningKey{key(id), newest, kLife_ms, "ada"});
  }
  std::vector<SharedSigningKey> keys() const { return keys_view(reader()).keys; }
};

TEST_F(CatalogKeys, TheFirstOfferCountsAndSignsAtOnce) {
  offer("a");
  offer("b");
  ASSERT_EQ(keys().size(), 1u);
  EXPECT_EQ(keys()[0].key.id, "a");
  EXPECT_LE(keys()[0].use_from, now);
  EXPECT_EQ(keys_view(reader()).sealed_secret, "secret of a");
}

TEST_F(CatalogKeys, ANewKeyIsPublishedAMinuteBeforeItSigns) {
  offer("a");
  ASSERT_FALSE(rotate("b", "a").is_refused());
  ASSERT_EQ(keys().size(), 2u);
  EXPECT_EQ(keys()[1].use_from, after(now, 60'000));
  EXPECT_EQ(keys()[1].until, Time{0});
}

TEST_F(CatalogKeys, AnOldKeyIsKeptUntilItsLastTokenHasExpired) {
  offer("a");
  ASSERT_FALSE(rotate("b", "a").is_refused());
  const Time last_token_expires = after(now, 60'000 + kLife_ms);
  EXPECT_LT(last_token_expires, keys()[0].until);
  now = last_token_expires;
  must(forget_signing_key, ForgetSigningKey{"a"});
  EXPECT_EQ(keys().size(), 2u);
  now = keys()[0].until;
  must(forget_signing_key, ForgetSigningKey{"a"});
  ASSERT_EQ(keys().size(), 1u);
  EXPECT_EQ(keys()[0].key.id, "b");
}

TEST_F(CatalogKeys, ATimerForgetsTheOldKey) {
  offer("a");
  ASSERT_FALSE(rotate("b", "a").is_refused());
  const auto timer = timers.find({"ForgetSigningKey", "a"});
  ASSERT_NE(timer, timers.end());
  EXPECT_EQ(timer->second.due, keys()[0].until);
}

TEST_F(CatalogKeys, OfTwoNodesThatRotateAtOnceOneIsLate) {
  offer("a");
  ASSERT_FALSE(rotate("b", "a").is_refused());
  EXPECT_EQ(rotate("c", "a").answer.code, kStaleVersion.code);
  EXPECT_EQ(rotate("c", "b").answer.code, kIllegalTransition.code);
  now = keys()[1].use_from;
  EXPECT_FALSE(rotate("c", "b").is_refused());
}

TEST_F(CatalogKeys, AKeyUnderAnotherMasterKeyIsRefused) {
  offer("a");
  SigningKeyOffer foreign = key("b");
  foreign.sealed_by = "another";
  EXPECT_EQ(run(rotate_signing_key, RotateSigningKey{foreign, "a", kLife_ms, ""}).answer.code, kIllegalTransition.code);
}

TEST_F(CatalogKeys, ThereIsNothingToRotateBeforeTheFirstKey) {
  EXPECT_EQ(rotate("b", "a").answer.code, kIllegalTransition.code);
}

TEST_F(CatalogKeys, KeysThatNobodyCanOpenAreGivenUp) {
  offer("a");
  ASSERT_FALSE(rotate("b", "a").is_refused());
  must(offer_first_keys, OfferFirstKeys{key("c"), "another secret", "ada", true});
  ASSERT_EQ(keys().size(), 1u);
  EXPECT_EQ(keys()[0].key.id, "c");
  EXPECT_EQ(keys_view(reader()).sealed_secret, "another secret");
  EXPECT_TRUE(timers.empty());
}

TEST_F(CatalogKeys, TheNewestKeyIsNeverForgotten) {
  offer("a");
  now = after(now, 1'000'000'000);
  must(forget_signing_key, ForgetSigningKey{"a"});
  EXPECT_EQ(keys().size(), 1u);
}

}  // namespace
}  // namespace stoa::catalog
