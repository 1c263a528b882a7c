#include "actors/shipping/routes.hpp"

#include "actors/service_number.hpp"
#include "actors/shipping/rules.hpp"

namespace stoa::shipping {
namespace {

constexpr const char* kNoSuchShipment = "there is no such shipment";
constexpr int64_t kClocksDifferMs = 5 * 60 * 1000;  // how far a carrier's clock may run ahead

Built build_get(const RouteInput& in) {
  const auto id = ShipmentId::parse(in.path.at(0));
  if (!id) return Built::refuse(kNotFound, kNoSuchShipment);
  return Built::at(id->slot(), GetShipment{*id});
}

Built build_tracking(const RouteInput& in) {
  const auto id = ShipmentId::parse(in.path.at(0));
  if (!id) return Built::refuse(kNotFound, kNoSuchShipment);
  std::vector<FieldError> faults;
  AddTracking c = from_json<AddTracking>(*in.body, faults);
  if (faults.empty()) faults = faults_of(c);
  if (after(in.now, kClocksDifferMs) < c.occurred_at) {
    faults.push_back({"/occurred_at", "out_of_range", "lies in the future"});
  }
  if (!faults.empty()) return Built::invalid(std::move(faults));
  c.id = *id;
  return Built::at(id->slot(), std::move(c));
}

Route route(Verb verb, const char* path, Access access, Route::Kind kind, const char* summary,
            Built (*build)(const RouteInput&)) {
  Route r;
  r.verb = verb;
  r.path = path;
  r.access = access;
  r.kind = kind;
  r.service = service_number::shipping;
  r.summary = summary;
  r.takes_body = verb == Verb::kPost;
  r.build = build;
  return r;
}

}  // namespace

std::vector<Route> routes() {
  using Kind = Route::Kind;
  return {route(Verb::kGet, "/v1/shipments/{id}", Access::kHolder, Kind::kQuery, "A shipment", build_get),
          route(Verb::kPost, "/v1/shipments/{id}/tracking", Access::kCarrier, Kind::kCommand,
                "Report where a shipment is", build_tracking)};
}

}  // namespace stoa::shipping
