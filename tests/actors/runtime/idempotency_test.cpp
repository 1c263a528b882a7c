#include "actors/runtime/idempotency.hpp"

#include <gtest/gtest.h>

#include "tests/actors/rules_fixture.hpp"

namespace stoa {
namespace {

class Sweeping : public RulesFixture {
 public:
  Call call_with(const std::string& key) {
    Call call;
    call.request = RequestId::mint(now, 0, random);
    call.idempotency_scope = key;
    return call;
  }
  template <class F>
  void commit(F&& change) {
    Transaction tx(state, 0, now, random);
    tx.savepoint();
    change(tx);
    state.apply(tx.writes());
  }
  void answered(const std::string& key) {
    const Call call = call_with(key);
    commit([&](Transaction& tx) { record_answer(call, Answer{}, tx); });
  }
  size_t sweep(size_t most) {
    size_t erased = 0;
    commit([&](Transaction& tx) { erased = sweep_answers(tx, cursor, most); });
    return erased;
  }
  SweepCursor cursor;
};

TEST(Idempotency, KeepsAnAnswerAsLongAsItsKeyLives) {
  Sweeping shard;
  shard.answered("key");
  shard.answered("");
  shard.now = after(shard.now, kRequestRetentionMs + 1);
  EXPECT_EQ(shard.sweep(100), 1u);
  EXPECT_EQ(shard.all<AnswerRow>().size(), 1u);
  shard.now = after(shard.now, kKeyRetentionMs + 1);
  EXPECT_EQ(shard.sweep(100), 1u);
  EXPECT_TRUE(shard.all<AnswerRow>().empty());
}

TEST(Idempotency, SweepsAllRowsALittleAtATime) {
  Sweeping shard;
  for (int i = 0; i < 25; ++i) {
    shard.answered("key" + std::to_string(i));
    shard.commit([&](Transaction& tx) {
      EXPECT_FALSE(claim_key({"scope" + std::to_string(i), "body", false}, {}, tx).is_refused());
    });
  }
  shard.now = after(shard.now, kKeyRetentionMs + 1);
  size_t erased = 0;
  for (int sweeps = 0; sweeps < 4; ++sweeps) erased += shard.sweep(10);
  EXPECT_EQ(erased, 50u);
  EXPECT_TRUE(shard.all<AnswerRow>().empty());
  EXPECT_TRUE(shard.all<ClaimRow>().empty());
}

TEST(Idempotency, LetsTheFirstLateAnswerStand) {
  Sweeping shard;
  const Call call = shard.call_with("key");
  const Uuid token = mint_uuid(shard.now, 0, shard.random);
  Answer first, second;
  first.body = "first";
  second.body = "second";
  shard.commit([&](Transaction& tx) { record_pending(call, token, tx); });
  EXPECT_TRUE(is_open(token, shard.reader()));
  shard.commit([&](Transaction& tx) { record_late(token, first, tx); });
  shard.commit([&](Transaction& tx) { record_late(token, second, tx); });
  EXPECT_FALSE(is_open(token, shard.reader()));
  Transaction tx(shard.state, 0, shard.now, shard.random);
  const Call repeat = shard.call_with("key");
  EXPECT_EQ(seen_before(repeat, tx, tx.now()).reply->answer.body, "first");
  EXPECT_TRUE(seen_before(repeat, tx, tx.now()).reply->replayed);
  EXPECT_FALSE(seen_before(call, tx, tx.now()).reply->replayed);
}

TEST(Idempotency, RepeatsAPackedAnswerByteForByte) {
  Sweeping shard;
  const Call call = shard.call_with("key"), waits = shard.call_with("other");
  const Uuid token = mint_uuid(shard.now, 0, shard.random);
  Answer answer;
  for (int i = 0; i < 50; ++i) answer.body += R"({"product_id":"prd_)" + std::to_string(i) + R"("},)";
  shard.commit([&](Transaction& tx) { record_answer(call, answer, tx); });
  shard.commit([&](Transaction& tx) { record_pending(waits, token, tx); });
  shard.commit([&](Transaction& tx) { record_late(token, answer, tx); });
  EXPECT_LT(encode(shard.all<AnswerRow>().front()).size(), answer.body.size());
  EXPECT_LT(encode(shard.all<LateAnswerRow>().front()).size(), answer.body.size());
  Transaction tx(shard.state, 0, shard.now, shard.random);
  EXPECT_EQ(encode(seen_before(call, tx, tx.now()).reply->answer), encode(answer));
  EXPECT_EQ(encode(seen_before(waits, tx, tx.now()).reply->answer), encode(answer));
}

TEST(Idempotency, KeepsALateAnswerAsLongAsItsKey) {
  Sweeping shard;
  const Call call = shard.call_with("key"), waits = shard.call_with("waits");
  const Uuid token = mint_uuid(shard.now, 0, shard.random), never = mint_uuid(shard.now, 0, shard.random);
  shard.commit([&](Transaction& tx) { record_pending(call, token, tx); });
  shard.commit([&](Transaction& tx) { record_pending(waits, never, tx); });
  shard.commit([&](Transaction& tx) { record_late(token, Answer{}, tx); });
  EXPECT_EQ(shard.sweep(100), 0u);
  shard.now = after(shard.now, kKeyRetentionMs + 1);
  EXPECT_EQ(shard.sweep(100), 1u);
  EXPECT_TRUE(shard.all<LateAnswerRow>().empty());
  ASSERT_EQ(shard.all<AnswerRow>().size(), 1u);
  EXPECT_EQ(shard.all<AnswerRow>().front().token, never) << "somebody may wait for it still";
}

TEST(Idempotency, SweepsALateAnswerThatItsKeyNoLongerLeadsTo) {
  Sweeping shard;
  const Call first = shard.call_with("key"), second = shard.call_with("key");
  const Uuid token = mint_uuid(shard.now, 0, shard.random);
  shard.commit([&](Transaction& tx) { record_pending(first, token, tx); });
  shard.commit([&](Transaction& tx) { record_late(token, refuse(kValidationFailed, "too much").answer, tx); });
  shard.commit([&](Transaction& tx) { record_answer(second, Answer{}, tx); });
  shard.now = after(shard.now, 2 * kKeyRetentionMs + 1);
  EXPECT_EQ(shard.sweep(100), 2u);
  EXPECT_TRUE(shard.all<AnswerRow>().empty());
  EXPECT_TRUE(shard.all<LateAnswerRow>().empty());
}

TEST(Idempotency, KeepsASecretAnswerSealedAndRepeatsItByteForByte) {
  Sweeping shard;
  Call call = shard.call_with("key");
  call.seal_key = std::string(32, 'k');
  Answer answer;
  answer.body = R"({"refresh_token":"hush"})";
  shard.commit([&](Transaction& tx) { record_answer(call, answer, tx); });
  EXPECT_EQ(encode(shard.all<AnswerRow>().front()).find("hush"), std::string::npos);
  Transaction tx(shard.state, 0, shard.now, shard.random);
  Call repeat = shard.call_with("key");
  repeat.seal_key = call.seal_key;
  const auto seen = seen_before(repeat, tx, tx.now());
  EXPECT_EQ(encode(seen.reply->answer), encode(answer));
  EXPECT_TRUE(seen.reply->replayed);
  repeat.seal_key = std::string(32, 'l');
  EXPECT_EQ(seen_before(repeat, tx, tx.now()).reply->answer.code, "unavailable");
}

TEST(Idempotency, BindsOnlyItsOwnRequestToARefusalThatMayPass) {
  Sweeping shard;
  const Call first = shard.call_with("key");
  const Uuid token = mint_uuid(shard.now, 0, shard.random);
  shard.commit([&](Transaction& tx) { record_pending(first, token, tx); });
  shard.commit([&](Transaction& tx) { record_late(token, refuse(kValidationFailed, "too much").answer, tx); });
  Transaction tx(shard.state, 0, shard.now, shard.random);
  EXPECT_EQ(seen_before(first, tx, tx.now()).reply->answer.code, "validation_failed") << "repeated on the way";
  Call other = shard.call_with("key");
  EXPECT_FALSE(seen_before(other, tx, tx.now()).reply);
  other.body_hash = "another body";
  EXPECT_FALSE(seen_before(other, tx, tx.now()).reply) << "what is not recorded cannot be reused";
  record_answer(other, Answer{}, tx);
  EXPECT_TRUE(seen_before(other, tx, tx.now()).reply);
  EXPECT_EQ(seen_before(shard.call_with("key"), tx, tx.now()).reply->answer.code, "idempotency_key_reused");
}

TEST(Idempotency, TakesAClaimBackForItsOwnBodyAlone) {
  Sweeping shard;
  const auto claim = [&](const char* body, bool gives_back = false) {
    std::string code;
    shard.commit([&](Transaction& tx) { code = claim_key({"scope", body, gives_back}, {}, tx).answer.code; });
    return code;
  };
  EXPECT_EQ(claim("one"), "");
  EXPECT_EQ(claim("two", true), "");
  EXPECT_EQ(claim("two"), "idempotency_key_reused") << "the first still holds it";
  EXPECT_EQ(claim("one", true), "");
  EXPECT_EQ(claim("two"), "");
  EXPECT_EQ(claim("one"), "idempotency_key_reused");
}

TEST(Idempotency, RefusesARequestTooOldToBeRemembered) {
  Sweeping shard;
  const Call call = shard.call_with("");
  shard.now = after(shard.now, kRequestMaxAgeMs + 1);
  Transaction tx(shard.state, 0, shard.now, shard.random);
  EXPECT_EQ(seen_before(call, tx, tx.now()).reply->answer.code, "unavailable");
}

}  // namespace
}  // namespace stoa
