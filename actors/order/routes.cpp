#include "actors/order/routes.hpp"

#include <algorithm>

#include "actors/order/country.hpp"
#include "actors/order/types.hpp"
#include "actors/payment/types.hpp"
#include "actors/service_number.hpp"

namespace stoa::order {
namespace {

constexpr const char* kNoSuchOrder = "there is no such order";

void check_lines(const std::vector<OrderItem>& lines, std::vector<FieldError>& faults) {
  for (size_t i = 0; i < lines.size(); ++i) {
    const bool twice = std::any_of(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const OrderItem& other) { return other.product_id == lines[i].product_id; });
    if (twice && !lines[i].product_id.is_nil()) {
      faults.push_back({"/lines/" + std::to_string(i) + "/product_id", "duplicate", "stands in an earlier line too"});
    }
  }
}

Built build_place(const RouteInput& in) {
  std::vector<FieldError> faults;
  PlaceOrder c = from_json<PlaceOrder>(*in.body, faults);
  check_lines(c.lines, faults);
  if (c.shipping_address.country.size() == 2 && !is_country(c.shipping_address.country)) {
    faults.push_back({"/shipping_address/country", "invalid_value", "is not an ISO 3166-1 alpha-2 code"});
  }
  if (!c.payment.method.empty() && !is_payment_method(c.payment.method)) {
    faults.push_back({"/payment/method", "invalid_value", "is not a known payment method"});
  }
  if (!faults.empty()) return Built::invalid(std::move(faults));
  const Slot slot = slot_of_customer(in.caller.user);
  c.customer_id = in.caller.user;
  c.id = OrderId::mint(in.now, slot, *in.random);
  return Built::at(slot, std::move(c));
}

Built build_cancel(const RouteInput& in) {
  std::vector<FieldError> faults;
  CancelOrder c = from_json<CancelOrder>(*in.body, faults);
  const auto id = OrderId::parse(in.path[0]);
  if (!id) return Built::refuse(kNotFound, kNoSuchOrder);
  if (!faults.empty()) return Built::invalid(std::move(faults));
  c.id = *id;
  return Built::at(id->slot(), c);
}

Built build_get(const RouteInput& in) {
  const auto id = OrderId::parse(in.path[0]);
  if (!id) return Built::refuse(kNotFound, kNoSuchOrder);
  return Built::at(id->slot(), GetOrder{*id});
}

Built build_list(const RouteInput& in) {
  return Built::at(slot_of_customer(in.caller.user), ListOrders{in.caller.user, in.page});
}

Route route(Verb verb, const char* path, Access access, Route::Kind kind, const char* summary,
            Built (*build)(const RouteInput&)) {
  Route r;
  r.verb = verb;
  r.path = path;
  r.access = access;
  r.kind = kind;
  r.service = service_number::order;
  r.summary = summary;
  r.takes_body = verb == Verb::kPost;
  r.build = build;
  return r;
}

}  // namespace

std::vector<Route> routes() {
  using Kind = Route::Kind;
  std::vector<Route> all;
  all.push_back(route(Verb::kPost, "/v1/orders", Access::kCustomer, Kind::kCommand, "Place an order", build_place));
  all.back().idempotency_key_required = true;
  all.back().may_wait = true;
  all.back().location = "/v1/orders/{id}";
  all.push_back(
      route(Verb::kGet, "/v1/orders", Access::kHolder, Kind::kList, "One's own orders, newest first", build_list));
  all.push_back(route(Verb::kGet, "/v1/orders/{id}", Access::kHolder, Kind::kQuery, "An order", build_get));
  all.push_back(
      route(Verb::kPost, "/v1/orders/{id}/cancel", Access::kHolder, Kind::kCommand, "Cancel an order", build_cancel));
  return all;
}

}  // namespace stoa::order
