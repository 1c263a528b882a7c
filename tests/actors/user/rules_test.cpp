#include "actors/user/rules.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "tests/actors/user/people.hpp"

namespace stoa::user {
namespace {

RegisterUser somebody(People& people, const std::string& email) {
  return {UserId::mint(people.now, slot_of_email(email), people.random), email, "a password, twelve", "Ann"};
}

TEST(UserRules, RegisterACustomer) {
  People people;
  const RegisterUser command = somebody(people, "Ann@Example.org");
  const Outcome outcome = people.sign_up(command);
  EXPECT_EQ(outcome.answer.done, static_cast<uint32_t>(Done::kCreated));
  EXPECT_EQ(outcome.answer.location_id, command.id.text());
  EXPECT_EQ(outcome.answer.body, R"({"id":")" + command.id.text() +
                                     R"(","email":"Ann@Example.org","name":"Ann","role":"customer","created_at":")" +
                                     to_rfc3339(people.now) + "\"}");
  EXPECT_EQ(people.find<UserRecord>(command.id)->password_hash, "hash of a password, twelve");
}

TEST(UserRules, KeepAnEmailUniqueWhateverItsCase) {
  People people;
  const RegisterUser first = somebody(people, "ann@example.org");
  const Outcome once = people.sign_up(first);
  EXPECT_EQ(people.sign_up(somebody(people, "ANN@Example.ORG")).answer.code, "email_taken");
  EXPECT_EQ(people.sign_up(first).answer.body, once.answer.body);  // the same call, repeated
  // Taken while the password was being hashed.
  const RegisterUser late = somebody(people, "ann@example.org");
  EXPECT_EQ(people.run(record_user, RecordUser{late.id, late.email, late.name, {}}).answer.code, "email_taken");
}

TEST(UserRules, StoreNoPassword) {
  People people;
  const RegisterUser command = somebody(people, "ann@example.org");
  const RecordUser record = registered(command, people.answer({}));
  EXPECT_EQ(encode(record).find(command.password), std::string::npos);
}

TEST(UserRules, AnswerWhenPasswordsCannotBeHashed) {
  People people;
  CredentialsResult failed;
  failed.failed = true;
  EXPECT_EQ(people.run(record_user, RecordUser{{}, "a@b.de", "A", failed}).answer.code, "unavailable");
  EXPECT_EQ(people.run(record_session, RecordSession{failed}).answer.code, "unavailable");
}

TEST(UserRules, KnowAnEmailWhenTheySeeOne) {
  const std::string longest(64, 'a'), label(63, 'b');
  for (const std::string& good : {std::string("a@b.de"), std::string("a.b+c_d@x-1.example.org"), longest + "@b.de",
                                  "o'neil@" + label + ".org", std::string("load-1@demo.stoa")})
    EXPECT_TRUE(is_email(good)) << good;
  for (const std::string& bad : {std::string(""),
                                 std::string("a"),
                                 std::string("@b.de"),
                                 std::string("a@"),
                                 std::string("a@b"),
                                 std::string("a@b..de"),
                                 std::string(".a@b.de"),
                                 std::string("a.@b.de"),
                                 std::string("a..b@b.de"),
                                 std::string("a b@b.de"),
                                 std::string("a@b.de "),
                                 std::string("a@-b.de"),
                                 std::string("a@b-.de"),
                                 std::string("a@b@c.de"),
                                 std::string("a@b.de\n"),
                                 std::string("\"a\"@b.de"),
                                 std::string("a@[127.0.0.1]"),
                                 std::string("\xC3\xA4@b.de"),
                                 std::string("a\0b@c.de", 8),
                                 longest + "a@b.de",
                                 "a@" + label + "b.org",
                                 "a@" + label + "." + label + "." + label + "." + label + ".org"})
    EXPECT_FALSE(is_email(bad)) << bad;
  People people;
  const Outcome outcome = people.sign_up(somebody(people, "nobody"));
  EXPECT_EQ(outcome.answer.code, "validation_failed");
  EXPECT_EQ(outcome.answer.errors.at(0).pointer, "/email");
}

// Frozen: it decides where existing users are looked for.
TEST(UserRules, PlaceUsersByTheirLoweredEmail) {
  EXPECT_EQ(lowered_email("AZaz@\xC3\x84.Org"), "azaz@\xC3\x84.org");
  EXPECT_EQ(slot_of_email("Customer@Demo.Stoa"), slot_of("customer@demo.stoa"));
}

TEST(UserRules, SeedAUserOnceAndForServicesOnly) {
  People people;
  const UserId id = people.a_user("admin@demo.stoa", UserRole::kAdmin);
  const SeedUser again{UserId::mint(people.now, 1, people.random), "Admin@demo.stoa", "B", UserRole::kCustomer, "h"};
  const Outcome outcome = people.run(seed_user, again);
  EXPECT_EQ(parse_json(outcome.answer.body)->at("id"), id.text());
  EXPECT_EQ(parse_json(outcome.answer.body)->at("role"), "admin");
  EXPECT_EQ(people.writes, 0u);
  EXPECT_EQ(people.run(seed_user, again, People::by(id, UserRole::kAdmin)).answer.code, "forbidden");
  EXPECT_EQ(people.run(seed_user, SeedUser{id, "no email", "B", UserRole::kAdmin, "h"}).answer.code,
            "validation_failed");
  EXPECT_EQ(people.run(seed_user, SeedUser{id, "x@y.de", "B", UserRole::kService, "h"}).answer.code,
            "validation_failed");
  EXPECT_EQ(people.run(seed_user, SeedUser{id, "x@y.de", "B", UserRole::kAdmin, ""}).answer.code, "validation_failed");
}

TEST(UserRules, LetUsersAndAdminsSeeAndChange) {
  People people;
  const UserId ann = people.a_user("ann@x.de"), bob = people.a_user("bob@x.de");
  struct Row {
    const char* who;
    Call call;
    const char *read, *rename, *role;
  };
  const Row rows[] = {{"the user", People::by(ann), "", "", "forbidden"},
                      {"another", People::by(bob), "not_found", "not_found", "forbidden"},
                      {"a merchant", People::by(bob, UserRole::kMerchant), "not_found", "not_found", "forbidden"},
                      {"an admin", People::by(bob, UserRole::kAdmin), "", "not_found", ""},
                      {"a service", call_by_service(), "", "not_found", ""},
                      {"nobody", call_by(UserRole::kAnonymous), "not_found", "not_found", "forbidden"}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.who);
    EXPECT_EQ(people.ask(get_user, GetUser{ann}, row.call).answer.code, row.read);
    EXPECT_EQ(people.run(patch_user, PatchUser{ann, "Anna"}, row.call).answer.code, row.rename);
    EXPECT_EQ(people.run(set_user_role, SetUserRole{ann, UserRole::kMerchant}, row.call).answer.code, row.role);
  }
  const auto body = *parse_json(people.ask(get_user, GetUser{ann}).answer.body);
  EXPECT_EQ(body["name"], "Anna");
  EXPECT_EQ(body["role"], "merchant");
}

TEST(UserRules, GiveOnlyRolesThatUsersHave) {
  People people;
  const UserId ann = people.a_user("ann@x.de");
  for (const UserRole role : {UserRole::kAnonymous, UserRole::kService, static_cast<UserRole>(99)})
    EXPECT_EQ(people.run(set_user_role, SetUserRole{ann, role}).answer.code, "validation_failed");
  EXPECT_EQ(
      people.run(set_user_role, SetUserRole{UserId::mint(people.now, 1, people.random), UserRole::kAdmin}).answer.code,
      "not_found");
}

TEST(UserRules, ForgetWhoADeletedUserWas) {
  People people;
  const UserId ann = people.a_user("ann@x.de");
  EXPECT_EQ(people.run(delete_user, DeleteUser{ann}, call_by(UserRole::kAdmin, {})).answer.code, "not_found");
  const auto login = people.log_in("ann@x.de");
  EXPECT_FALSE(people.run(delete_user, DeleteUser{ann}, People::by(ann)).is_refused());
  EXPECT_EQ(people.run(delete_user, DeleteUser{ann}, People::by(ann)).answer.code, "not_found");
  EXPECT_EQ(people.run(patch_user, PatchUser{ann, "x"}, People::by(ann)).answer.code, "not_found");
  EXPECT_EQ(people.run(set_user_role, SetUserRole{ann, UserRole::kAdmin}).answer.code, "not_found");
  const auto body = *parse_json(people.ask(get_user, GetUser{ann}).answer.body);
  EXPECT_TRUE(body["email"].is_null());
  EXPECT_TRUE(body["name"].is_null());
  EXPECT_EQ(encode(*people.find<UserRecord>(ann)).find("ann@x.de"), std::string::npos);
  EXPECT_EQ(people.log_in("ann@x.de").outcome.answer.code, "unauthenticated");
  ASSERT_EQ(people.revoked().size(), 1u);
  EXPECT_EQ(people.revoked()[0].session_id, login.session_id);
  EXPECT_FALSE(people.sign_up(somebody(people, "ann@x.de")).is_refused());  // the email is free again
}

}  // namespace
}  // namespace stoa::user
