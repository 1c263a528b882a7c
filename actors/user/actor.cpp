#include "actors/user/actor.hpp"

#include "actors/runtime/service_port.hpp"
#include "actors/user/api.hpp"

namespace stoa::user {

std::unique_ptr<ServicePort> make_port() {
  return std::make_unique<TypedServicePort<UserMessages>::With<caf::id_block::stoa_user>>();
}

}  // namespace stoa::user
