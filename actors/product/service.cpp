#include "actors/runtime/service.hpp"

#include "actors/product/actor.hpp"
#include "actors/product/invariants.hpp"
#include "actors/product/listing.hpp"
#include "actors/product/records.hpp"
#include "actors/product/routes.hpp"
#include "actors/product/rules.hpp"
#include "actors/runtime/service_port.hpp"
#include "actors/service_number.hpp"

namespace stoa::product {
namespace {

StateMachine reservation_machine() {
  return {"reservation",
          "held",
          {{"held", "CommitReservation", "committed"},
           {"held", "ReleaseReservation", "released"},
           {"held", "ReturnStock", "committed"}}};
}

Answer hot_product(const Uuid& id, const Reader& reader) {
  return get_product(GetProduct{ProductId{id}}, Call{}, reader).answer;
}

}  // namespace

Service make_service() {
  Service service;
  service.name = "product";
  service.number = service_number::product;
  service.commands.on(create_product)
      .on(patch_product)
      .on(delete_product)
      .on(adjust_stock)
      .query(get_product)
      .query(get_stock)
      .query(list_products)
      .on(reserve_stock)
      .on(commit_reservation)
      .on(release_reservation)
      .on(return_stock)
      .on(reservation_due)
      .on(sweep_reservations);
  service.routes = make_routes();
  service.refusals = {{kSkuTaken.code, 409, "The SKU is taken"},
                      {kOutOfStock.code, 409, "Out of stock"},
                      {kUnknownProduct.code, 422, "Unknown product"},
                      {kIfMatchMissing.code, 428, "If-Match is missing"}};
  service.machines = {reservation_machine()};
  service.invariants = {{"I1", {ReservationRecord::kTable}, check_stock}};
  service.hot = {{"/v1/products/", ProductId::prefix(), {ProductRecord::kTable, StockRecord::kTable}, hot_product}};
  service.make_port = make_port;
  return service;
}

}  // namespace stoa::product
