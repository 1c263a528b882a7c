#include <gtest/gtest.h>

#include "base/json.hpp"
#include "tests/actors/user/people.hpp"

namespace stoa::user {
namespace {

TEST(Sessions, OpenWithTheRightPassword) {
  People people;
  const UserId ann = people.a_user("ann@x.de");
  const auto login = people.log_in("ANN@x.de");
  EXPECT_EQ(login.outcome.answer.done, static_cast<uint32_t>(Done::kCreated));
  EXPECT_EQ(login.outcome.answer.body,
            R"({"access_token":"access 1","token_type":"Bearer","expires_in":600,"refresh_token":"1"})");
  EXPECT_EQ(people.find<SessionRecord>(std::tuple(ann, login.session_id))->refresh_hash, "hash of 1");
}

TEST(Sessions, TellNobodyWhetherTheEmailOrThePasswordWasWrong) {
  People people;
  people.a_user("ann@x.de");
  const auto wrong = people.log_in("ann@x.de", false), unknown = people.log_in("bob@x.de");
  EXPECT_EQ(wrong.outcome.answer.code, "unauthenticated");
  EXPECT_EQ(encode(wrong.outcome.answer), encode(unknown.outcome.answer));
  EXPECT_TRUE(people.all<SessionRecord>().empty());
  // Both ask the adapter, so both take its time.
  const auto plan = plan_open_session({"bob@x.de", "p"}, {}, people.reader());
  EXPECT_TRUE(std::holds_alternative<CredentialsRequest>(plan));
}

TEST(Sessions, AreNotOpenedForAUserWhoChangedMeanwhile) {
  People people;
  const UserId ann = people.a_user("ann@x.de");
  const OpenSession command{"ann@x.de", "p"};
  const auto plan = plan_open_session(command, {}, people.reader());
  const RecordSession record = session_tried(command, people.answer(std::get<CredentialsRequest>(plan)));
  people.must(set_user_role, SetUserRole{ann, UserRole::kMerchant});
  EXPECT_EQ(people.run(record_session, record).answer.code, "unauthenticated");
}

TEST(Sessions, RotateTheirTokens) {
  People people;
  const UserId ann = people.a_user("ann@x.de");
  const auto login = people.log_in("ann@x.de");
  const auto second = people.refresh(ann, login.session_id, login.secret);
  EXPECT_FALSE(second.outcome.is_refused());
  EXPECT_EQ(second.outcome.answer.done, static_cast<uint32_t>(Done::kCreated));
  EXPECT_NE(second.secret, login.secret);
  EXPECT_FALSE(people.refresh(ann, login.session_id, second.secret).outcome.is_refused());
  EXPECT_TRUE(people.revoked().empty());
}

TEST(Sessions, EndWhenAnOldTokenComesBack) {
  People people;
  const UserId ann = people.a_user("ann@x.de");
  const auto login = people.log_in("ann@x.de"), other = people.log_in("ann@x.de");
  const auto second = people.refresh(ann, login.session_id, login.secret);
  const auto stolen = people.refresh(ann, login.session_id, login.secret);
  ASSERT_TRUE(stolen.outcome.is_later());  // so that the end of the session is kept
  ASSERT_EQ(people.answers.size(), 1u);
  EXPECT_EQ(people.answers[0].token, *stolen.outcome.token);
  EXPECT_EQ(people.answers[0].answer.code, "unauthenticated");
  EXPECT_EQ(people.refresh(ann, login.session_id, second.secret).outcome.answer.code, "unauthenticated");
  ASSERT_EQ(people.revoked().size(), 1u);
  EXPECT_EQ(people.revoked()[0].session_id, login.session_id);
  EXPECT_FALSE(people.refresh(ann, other.session_id, other.secret).outcome.is_refused());
}

TEST(Sessions, EndOnceForTheirUserOnly) {
  People people;
  const UserId ann = people.a_user("ann@x.de"), bob = people.a_user("bob@x.de");
  const auto login = people.log_in("ann@x.de");
  const CloseSession close{ann, login.session_id};
  EXPECT_EQ(people.run(close_session, close, People::by(bob)).answer.code, "not_found");
  EXPECT_EQ(people.run(close_session, close, call_by_service()).answer.code, "not_found");
  EXPECT_EQ(people.all<SessionRecord>().size(), 1u);
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(people.run(close_session, close, People::by(ann)).is_refused());
  EXPECT_EQ(people.revoked().size(), 1u);
  EXPECT_EQ(people.refresh(ann, login.session_id, login.secret).outcome.answer.code, "unauthenticated");
}

TEST(Sessions, EndWhenTheRoleOfTheirUserChanges) {
  People people;
  const UserId ann = people.a_user("ann@x.de");
  people.a_user("bob@x.de");
  people.log_in("ann@x.de");
  people.log_in("ann@x.de");
  people.log_in("bob@x.de");
  people.must(set_user_role, SetUserRole{ann, UserRole::kCustomer});
  EXPECT_TRUE(people.revoked().empty());
  people.must(set_user_role, SetUserRole{ann, UserRole::kMerchant});
  EXPECT_EQ(people.revoked().size(), 2u);
  EXPECT_EQ(people.all<SessionRecord>().size(), 1u);
}

TEST(Sessions, AreToldToGatewaysUntilTheLastTokenIsPast) {
  People people;
  const UserId ann = people.a_user("ann@x.de");
  const auto first = people.log_in("ann@x.de"), second = people.log_in("ann@x.de");
  people.must(close_session, CloseSession{ann, first.session_id}, People::by(ann));
  const Time at = people.now;
  people.now = after(people.now, 5000);
  people.must(close_session, CloseSession{ann, second.session_id}, People::by(ann));
  EXPECT_EQ(people.revoked().size(), 2u);
  EXPECT_EQ(people.revoked(at).size(), 2u);
  ASSERT_EQ(people.revoked(after(at, 1)).size(), 1u);
  EXPECT_EQ(people.revoked(after(at, 1))[0].session_id, second.session_id);
  EXPECT_EQ(people.revoked()[0].until, after(at, kAccessTokenLife_ms));
  const std::string key = first.session_id.bytes();
  EXPECT_GT(people.timer<ForgetRevocation>(key)->due, after(at, kAccessTokenLife_ms));
  EXPECT_FALSE(people.fire(forget_revocation, key).is_refused());
  EXPECT_EQ(people.revoked().size(), 1u);
  EXPECT_EQ(people.ask(list_revocations, ListRevocations{}, People::by(ann)).answer.code, "forbidden");
}

TEST(Sessions, ExpireWhenNobodyRefreshesThem) {
  People people;
  const UserId ann = people.a_user("ann@x.de");
  const auto login = people.log_in("ann@x.de");
  people.now = after(people.now, 60'000);
  const auto second = people.refresh(ann, login.session_id, login.secret);
  const std::string key = ann.uuid.bytes() + login.session_id.bytes();
  EXPECT_EQ(people.timer<ExpireSession>(key)->due, after(people.now, kSessionLife_ms));
  EXPECT_EQ(people.run(expire_session, ExpireSession{ann, login.session_id}, People::by(ann)).answer.code, "forbidden");
  EXPECT_FALSE(people.fire(expire_session, key).is_refused());
  EXPECT_EQ(people.refresh(ann, login.session_id, second.secret).outcome.answer.code, "unauthenticated");
}

TEST(Sessions, LeaveNoTimerBehind) {
  People people;
  const UserId ann = people.a_user("ann@x.de");
  const auto login = people.log_in("ann@x.de");
  people.must(close_session, CloseSession{ann, login.session_id}, People::by(ann));
  EXPECT_FALSE(people.fire(forget_revocation, login.session_id.bytes()).is_refused());
  EXPECT_TRUE(people.timers.empty());
}

}  // namespace
}  // namespace stoa::user
