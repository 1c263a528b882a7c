#include "actors/user/routes.hpp"

#include <gtest/gtest.h>

#include "actors/user/key_ring.hpp"
#include "actors/user/refresh_token.hpp"
#include "actors/user/rules.hpp"
#include "base/json.hpp"

namespace stoa::user {
namespace {

struct Client {
  SeededRandom random{1};
  RouteInput in;
  nlohmann::json body;

  Client() {
    in.now = Time{1'750'000'000'000};
    in.random = &random;
    in.caller = {UserId::mint(in.now, 9, random), UserRole::kCustomer};
  }
  Built build(Verb verb, const std::string& path, const std::string& json = "{}") {
    body = *parse_json(json);
    in.body = &body;
    for (const Route& route : make_routes()) {
      if (route.verb == verb && route.path == path) return route.build(in);
    }
    STOA_CHECK(false, "the route is there");
  }
};

template <class C>
const C& command(const Built& built) {
  return std::any_cast<const C&>(built.placed->command.value());
}

std::string faults(const Built& built) {
  std::string all;
  for (const FieldError& f : built.faults) ((all += f.pointer) += ' ') += f.code + "; ";
  return all;
}

TEST(UserRoutes, PlaceANewUserByItsEmail) {
  Client client;
  const Built built =
      client.build(Verb::kPost, "/v1/users", R"({"email":"Ann@X.de","password":"a password, twelve","name":"Ann"})");
  ASSERT_TRUE(built.placed);
  EXPECT_EQ(built.placed->slot, slot_of_email("ann@x.de"));
  EXPECT_EQ(command<RegisterUser>(built).id.slot(), built.placed->slot);
}

TEST(UserRoutes, NameEveryFaultOfANewUser) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({})", "/email required; /password required; /name required; "},
      {R"({"email":"nobody","password":"a password, twelve","name":"A"})", "/email invalid_value; "},
      {R"({"email":"a@b.de","password":"elevenchars","name":""})", "/password too_short; /name too_short; "},
      {R"({"email":"a@b.de","password":"a password, twelve","name":"A","role":"admin"})", "/role unknown_field; "},
      {R"({"email":"a@b.de","password":"äöüäöüäöüäö","name":"A"})", "/password too_short; "},
      {R"({"email":"a@b.de","password":"äöüäöüäöüäöü","name":"A"})", ""},
  };
  for (const auto& [json, expected] : rows) {
    Client client;
    EXPECT_EQ(faults(client.build(Verb::kPost, "/v1/users", json)), expected) << json;
  }
}

TEST(UserRoutes, PlaceALoginWhereItsUserIs) {
  Client client;
  const Built built = client.build(Verb::kPost, "/v1/sessions", R"({"email":"ANN@x.de","password":"short"})");
  EXPECT_EQ(built.placed->slot, slot_of_email("ann@x.de"));
  EXPECT_EQ(faults(client.build(Verb::kPost, "/v1/sessions")), "/email required; /password required; ");
}

TEST(UserRoutes, FindASessionByItsRefreshToken) {
  Client client;
  const RefreshToken token{client.in.caller.user, Uuid{1, 2}, new_refresh_secret()};
  const Built built = client.build(Verb::kPost, "/v1/sessions/refresh", R"({"refresh_token":")" + token.text() + "\"}");
  EXPECT_EQ(built.placed->slot, 9);
  EXPECT_EQ(command<RefreshSession>(built).secret, token.secret);
  EXPECT_EQ(client.build(Verb::kPost, "/v1/sessions/refresh", R"({"refresh_token":"rt_1"})").refusal->code,
            "unauthenticated");
}

TEST(UserRoutes, CloseTheSessionOfTheTokenThatWasSent) {
  Client client;
  client.in.bearer = KeyRing::generate().sign(client.in.caller.user, UserRole::kCustomer, Uuid{1, 2}, client.in.now);
  const Built built = client.build(Verb::kDelete, "/v1/sessions/current");
  EXPECT_EQ(command<CloseSession>(built).session_id, (Uuid{1, 2}));
  EXPECT_EQ(command<CloseSession>(built).user_id, client.in.caller.user);
  client.in.bearer = "x";
  EXPECT_EQ(client.build(Verb::kDelete, "/v1/sessions/current").refusal->code, "unauthenticated");
}

TEST(UserRoutes, MeanTheCallerByMe) {
  Client client;
  const UserId me = client.in.caller.user;
  EXPECT_EQ(command<GetUser>(client.build(Verb::kGet, "/v1/users/me")).id, me);
  EXPECT_EQ(command<DeleteUser>(client.build(Verb::kDelete, "/v1/users/me")).id, me);
  const Built built = client.build(Verb::kPatch, "/v1/users/me", R"({"name":"B"})");
  EXPECT_EQ(command<PatchUser>(built).id, me);
  EXPECT_EQ(built.placed->slot, 9);
  EXPECT_EQ(faults(client.build(Verb::kPatch, "/v1/users/me", R"({"email":"b@c.de"})")), "/email unknown_field; ");
}

TEST(UserRoutes, LetAdminsGiveRolesByName) {
  Client client;
  const UserId id = UserId::mint(client.in.now, 33, client.random);
  client.in.path = {id.text()};
  const Built built = client.build(Verb::kPatch, "/v1/users/{id}", R"({"role":"carrier"})");
  EXPECT_EQ(command<SetUserRole>(built).role, UserRole::kCarrier);
  EXPECT_EQ(built.placed->slot, 33);
  for (const char* role : {"service", "anonymous", "king"})
    EXPECT_EQ(faults(client.build(Verb::kPatch, "/v1/users/{id}", R"({"role":")" + std::string(role) + "\"}")),
              "/role invalid_value; ");
  client.in.path = {"x"};
  EXPECT_EQ(client.build(Verb::kGet, "/v1/users/{id}").refusal->code, "not_found");
  EXPECT_EQ(client.build(Verb::kPatch, "/v1/users/{id}").refusal->code, "not_found");
}

}  // namespace
}  // namespace stoa::user
