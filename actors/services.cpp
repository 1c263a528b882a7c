#include "actors/services.hpp"

#include "actors/runtime/idempotency.hpp"
#include "actors/runtime/service_port.hpp"

namespace stoa {

#define STOA_SERVICE(folder, number) \
  namespace folder {                 \
  Service make_service();            \
  }
#include "actors/services.def"
#undef STOA_SERVICE

std::vector<Service> make_services() {
  std::vector<Service> services;
#define STOA_SERVICE(folder, stable_number)   \
  services.push_back(folder::make_service()); \
  services.back().name = #folder;             \
  services.back().number = stable_number;
#include "actors/services.def"
#undef STOA_SERVICE
  for (Service& service : services) service.commands.on<ClaimKey>(claim_key).bundles();
  return services;
}

}  // namespace stoa
