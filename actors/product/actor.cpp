#include "actors/product/actor.hpp"

#include "actors/product/api.hpp"
#include "actors/runtime/service_port.hpp"

namespace stoa::product {

std::unique_ptr<ServicePort> make_port() {
  return std::make_unique<TypedServicePort<ProductMessages>::With<caf::id_block::stoa_product>>();
}

}  // namespace stoa::product
