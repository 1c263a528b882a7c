// Keys of calls whose shard follows from their body.
#include <gtest/gtest.h>

#include "actors/runtime/claim_key.hpp"
#include "tests/gateway/shop.hpp"

namespace stoa::test {
namespace {

const std::string kThing = R"({"name":"n","count":3})";
const std::string kKeyed = "Authorization: Bearer merchant\r\nIdempotency-Key: k\r\n";

TEST(PipelineCall, ClaimsAKeyWhereTheBodyDecidesThePlace) {
  Shop shop;
  shop.ask("POST", "/v1/things", kKeyed, kThing);
  auto asked = shop.router.asked();
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_EQ(asked[0].command, "ClaimKey");
  EXPECT_EQ(asked[0].slot, slot_of(asked[1].call.idempotency_scope));
  EXPECT_TRUE(asked[0].call.idempotency_scope.empty());
  EXPECT_EQ(asked[1].command, "Thing");
  EXPECT_NE(asked[0].call.request, asked[1].call.request);
  shop.router.on_call([](const ScriptedRouter::Asked&) { return refuse(kIdempotencyKeyReused, "").answer; });
  EXPECT_EQ(shop.ask("POST", "/v1/things", kKeyed, kThing).status, 422);
  EXPECT_EQ(shop.router.asked().size(), 3u);
}

TEST(PipelineCall, GivesAClaimedKeyBackWhenNothingIsKeptUnderIt) {
  Shop shop;
  const auto last_after = [&](const Answer& answer) {
    shop.router.on_call([&](const ScriptedRouter::Asked& asked) {
      return asked.command == ClaimKey::kName ? no_content().answer : answer;
    });
    shop.ask("POST", "/v1/things", kKeyed, kThing);
    return shop.router.asked().back();
  };
  const auto given_back = last_after(refuse(kIllegalTransition, "").answer);
  ASSERT_EQ(given_back.command, ClaimKey::kName);
  EXPECT_TRUE(decode<ClaimKey>(given_back.encoded)->gives_back);
  EXPECT_EQ(given_back.slot, slot_of(decode<ClaimKey>(given_back.encoded)->scope));
  for (const auto& kept : {no_content().answer, refuse({"out_of_stock"}, "").answer, refuse(kUnavailable, "").answer}) {
    EXPECT_EQ(last_after(kept).command, "Thing") << kept.code << ": done, kept, or of unknown fate";
  }
}

}  // namespace
}  // namespace stoa::test
