#include "actors/runtime/service.hpp"

#include <utility>

#include "actors/runtime/service_port.hpp"
#include "actors/service_number.hpp"
#include "actors/user/actor.hpp"
#include "actors/user/routes.hpp"
#include "actors/user/rules.hpp"

namespace stoa::user {
namespace {

// A plan of the rules as the runtime wants it. The adapter's work can be done twice without harm, so any key will do
// that tells calls apart.
template <class C, CredentialsPlan (*plan)(const C&, const Call&, const Reader&)>
EffectPlan planned(const C& command, const Call& call, const Reader& reader) {
  CredentialsPlan next = plan(command, call, reader);
  if (auto* known = std::get_if<Outcome>(&next)) return std::move(*known);
  return Effect{std::string(kCredentialsAdapter), call.request.text(), encode(std::get<CredentialsRequest>(next))};
}

}  // namespace

Service make_service() {
  Service service;
  service.name = "user";
  service.number = service_number::user;
  service.commands.effect(planned<RegisterUser, plan_register>, registered)
      .on(record_user)
      .on(seed_user)
      .query(get_user)
      .on(patch_user)
      .on(set_user_role)
      .on(delete_user)
      .effect(planned<OpenSession, plan_open_session>, session_tried)
      .on(record_session)
      .effect(planned<RefreshSession, plan_refresh>, refresh_tried)
      .on(record_refresh)
      .on(close_session)
      .query(list_revocations)
      .on(expire_session)
      .on(forget_revocation);
  service.routes = make_routes();
  service.refusals = {{kEmailTaken.code, 409, "The email is taken"}};
  service.make_port = make_port;
  return service;
}

}  // namespace stoa::user
