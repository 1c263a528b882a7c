#include "actors/user/routes.hpp"

#include <utility>

#include "actors/service_number.hpp"
#include "actors/user/key_ring.hpp"
#include "actors/user/refresh_token.hpp"
#include "actors/user/rules.hpp"
#include "base/json.hpp"

namespace stoa::user {
namespace {

struct RefreshBody {
  std::string refresh_token;
};
template <class V>
void fields(V& v, RefreshBody& x) {
  v(1, "refresh_token", x.refresh_token, within(1, 512));
}

Route route(Verb verb, std::string path, Access access, std::string summary,
            std::function<Built(const RouteInput&)> build) {
  Route r;
  r.verb = verb;
  r.path = std::move(path);
  r.access = access;
  r.kind = verb == Verb::kGet ? Route::Kind::kQuery : Route::Kind::kCommand;
  r.service = service_number::user;
  r.summary = std::move(summary);
  r.takes_body = verb == Verb::kPost || verb == Verb::kPatch;
  r.build = std::move(build);
  return r;
}

Built sign_up(const RouteInput& in) {
  std::vector<FieldError> faults;
  auto command = from_json<RegisterUser>(*in.body, faults);
  if (faults.empty()) faults = faults_of(command);
  if (!faults.empty()) return Built::invalid(std::move(faults));
  const Slot slot = slot_of_email(command.email);
  command.id = UserId::mint(in.now, slot, *in.random);
  return Built::at(slot, std::move(command));
}

Built open_session(const RouteInput& in) {
  std::vector<FieldError> faults;
  auto command = from_json<OpenSession>(*in.body, faults);
  if (!faults.empty()) return Built::invalid(std::move(faults));
  const Slot slot = slot_of_email(command.email);
  return Built::at(slot, std::move(command));
}

Built refresh_session(const RouteInput& in) {
  std::vector<FieldError> faults;
  const auto body = from_json<RefreshBody>(*in.body, faults);
  if (!faults.empty()) return Built::invalid(std::move(faults));
  auto token = RefreshToken::parse(body.refresh_token);
  if (!token) return Built::refuse(kUnauthenticated, "the refresh token is not good (any more)");
  return Built::at(token->user_id.slot(), RefreshSession{token->user_id, token->session_id, std::move(token->secret)});
}

// The gateway has checked the token, and that it is the caller's.
Built close_current_session(const RouteInput& in) {
  const auto token = read_unchecked(in.bearer);
  if (!token) return Built::refuse(kUnauthenticated, "the access token is malformed");
  return Built::at(in.caller.user.slot(), CloseSession{in.caller.user, token->session_id});
}

Built patch_me(const RouteInput& in) {
  std::vector<FieldError> faults;
  auto command = from_json<PatchUser>(*in.body, faults);
  if (!faults.empty()) return Built::invalid(std::move(faults));
  command.id = in.caller.user;
  return Built::at(command.id.slot(), std::move(command));
}

// What is all said by who calls.
template <class C>
Built by_caller(const RouteInput& in) {
  return Built::at(in.caller.user.slot(), C{in.caller.user});
}

Built read_one(const RouteInput& in) {
  const auto id = UserId::parse(in.path.at(0));
  if (!id) return Built::refuse(kNotFound, "there is no such user");
  return Built::at(id->slot(), GetUser{*id});
}

Built set_role(const RouteInput& in) {
  const auto id = UserId::parse(in.path.at(0));
  if (!id) return Built::refuse(kNotFound, "there is no such user");
  std::vector<FieldError> faults;
  auto command = from_json<SetUserRole>(*in.body, faults);
  if (faults.empty()) faults = faults_of(command);
  if (!faults.empty()) return Built::invalid(std::move(faults));
  command.id = *id;
  return Built::at(id->slot(), std::move(command));
}

}  // namespace

std::vector<Route> make_routes() {
  std::vector<Route> routes;
  Route& creation =
      routes.emplace_back(route(Verb::kPost, "/v1/users", Access::kAnyone, "Register as a customer", sign_up));
  creation.place_by_body = true;
  creation.location = "/v1/users/{id}";
  routes.emplace_back(route(Verb::kPost, "/v1/sessions", Access::kAnyone, "Log in", open_session)).place_by_body = true;
  routes
      .emplace_back(
          route(Verb::kPost, "/v1/sessions/refresh", Access::kAnyone, "Rotate a session's tokens", refresh_session))
      .place_by_body = true;
  routes.push_back(route(Verb::kDelete, "/v1/sessions/current", Access::kHolder, "Log out", close_current_session));
  routes.push_back(route(Verb::kGet, "/v1/users/me", Access::kHolder, "Read one's own user", by_caller<GetUser>));
  routes.push_back(route(Verb::kPatch, "/v1/users/me", Access::kHolder, "Change one's own name", patch_me));
  routes.push_back(
      route(Verb::kDelete, "/v1/users/me", Access::kHolder, "Delete one's own user", by_caller<DeleteUser>));
  routes.push_back(route(Verb::kGet, "/v1/users/{id}", Access::kAdmin, "Read a user", read_one));
  routes.push_back(route(Verb::kPatch, "/v1/users/{id}", Access::kAdmin, "Give a user a role", set_role));
  return routes;
}

}  // namespace stoa::user
