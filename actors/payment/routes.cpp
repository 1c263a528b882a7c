#include "actors/payment/routes.hpp"

#include <nlohmann/json.hpp>

#include "actors/payment/types.hpp"
#include "actors/service_number.hpp"

namespace stoa::payment {
namespace {

constexpr const char* kNoSuchPayment = "there is no such payment";

struct Nothing {};
template <class V>
void fields(V&, Nothing&) {}

struct MoneyOfPart {
  std::optional<Money> amount;
};
template <class V>
void fields(V& v, MoneyOfPart& x) {
  v(1, "amount", x.amount);
}

struct MinorUnitsOfPart {
  std::optional<int64_t> amount;
};
template <class V>
void fields(V& v, MinorUnitsOfPart& x) {
  v(1, "amount", x.amount, within(0, kMaxAmount));
}

// {} for all, {"amount": {"amount": 500, "currency": "EUR"}}, or {"amount": 500} in the payment's own currency.
std::optional<PaymentPart> read_part(const nlohmann::json& body, std::vector<FieldError>& faults) {
  const bool bare = body.is_object() && body.contains("amount") && body["amount"].is_number();
  if (bare) {
    const auto part = from_json<MinorUnitsOfPart>(body, faults);
    return PaymentPart{part.amount.value_or(0), {}};
  }
  const auto part = from_json<MoneyOfPart>(body, faults);
  if (!part.amount) return std::nullopt;
  return PaymentPart{part.amount->amount, part.amount->currency};
}

Built build_get(const RouteInput& in) {
  const auto id = PaymentId::parse(in.path.at(0));
  if (!id) return Built::refuse(kNotFound, kNoSuchPayment);
  return Built::at(id->slot(), GetPayment{*id});
}

Built build_confirm(const RouteInput& in) {
  const auto id = PaymentId::parse(in.path.at(0));
  if (!id) return Built::refuse(kNotFound, kNoSuchPayment);
  std::vector<FieldError> faults;
  (void)from_json<Nothing>(*in.body, faults);
  if (!faults.empty()) return Built::invalid(std::move(faults));
  return Built::at(id->slot(), ConfirmPayment{*id});
}

template <class C>
Built build_of_part(const RouteInput& in) {
  const auto id = PaymentId::parse(in.path.at(0));
  if (!id) return Built::refuse(kNotFound, kNoSuchPayment);
  std::vector<FieldError> faults;
  C c{*id, read_part(*in.body, faults)};
  if (!faults.empty()) return Built::invalid(std::move(faults));
  return Built::at(id->slot(), std::move(c));
}

Route route(Verb verb, const char* path, Access access, Route::Kind kind, const char* summary,
            Built (*build)(const RouteInput&)) {
  Route r;
  r.verb = verb;
  r.path = path;
  r.access = access;
  r.kind = kind;
  r.service = service_number::payment;
  r.summary = summary;
  r.takes_body = verb == Verb::kPost;
  r.build = build;
  return r;
}

}  // namespace

std::vector<Route> routes() {
  using Kind = Route::Kind;
  return {route(Verb::kGet, "/v1/payments/{id}", Access::kHolder, Kind::kQuery, "A payment", build_get),
          route(Verb::kPost, "/v1/payments/{id}/confirm", Access::kHolder, Kind::kCommand,
                "Confirm a payment that requires action", build_confirm),
          route(Verb::kPost, "/v1/payments/{id}/capture", Access::kAdmin, Kind::kCommand, "Take what is held",
                build_of_part<CapturePayment>),
          route(Verb::kPost, "/v1/payments/{id}/void", Access::kAdmin, Kind::kCommand, "Let go what is held",
                build_of_part<VoidPayment>),
          route(Verb::kPost, "/v1/payments/{id}/refunds", Access::kAdmin, Kind::kCommand,
                "Give back what was taken, or a part of it", build_of_part<RefundPayment>)};
}

}  // namespace stoa::payment
