// The shipping service, for the program to find: what it understands and how it is reached.
#include "actors/runtime/service.hpp"

#include "actors/runtime/service_port.hpp"
#include "actors/shipping/api.hpp"
#include "actors/shipping/records.hpp"
#include "actors/shipping/routes.hpp"
#include "actors/shipping/rules.hpp"

namespace stoa::shipping {

Service make_service();
Service make_service() {
  Service s;
  s.name = "shipping";
  s.number = service_number::shipping;
  s.commands.on<BookShipment>(book)
      .on<CancelBooking>(cancel_booking)
      .on<AddTracking>(add_tracking)
      .query<GetShipment>(get);
  s.routes = routes();
  s.machines = {machine()};
  s.invariants = {{"I3", {ShipmentRecord::kTable}, check_shipments}};
  s.make_port = [] {
    return std::make_unique<TypedServicePort<ShippingMessages>::With<caf::id_block::stoa_shipping>>();
  };
  return s;
}

}  // namespace stoa::shipping
