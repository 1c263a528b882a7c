// The business of payments. Authorising and confirming need the provider's word first; voids, captures and refunds are
// decided here, and the provider is told behind the commit until it has heard.
#pragma once

#include "actors/payment/provider_types.hpp"
#include "actors/payment/types.hpp"
#include "actors/runtime/command_table.hpp"
#include "actors/runtime/state_machine.hpp"
#include "base/call.hpp"
#include "storage/transaction.hpp"

namespace stoa {

struct RecordAuthorization {
  static constexpr std::string_view kName = "RecordAuthorization";
  AuthorizePayment request;
  ProviderResult result;
};
template <class V>
void fields(V& v, RecordAuthorization& x) {
  v(1, "request", x.request);
  v(2, "result", x.result);
}

struct RecordConfirmation {
  static constexpr std::string_view kName = "RecordConfirmation";
  PaymentId id;
  ProviderResult result;
};
template <class V>
void fields(V& v, RecordConfirmation& x) {
  v(1, "id", x.id);
  v(2, "result", x.result);
}

// What was decided here, for the provider to hear.
struct TellProvider {
  static constexpr std::string_view kName = "TellProvider";
  ProviderRequest request;
  int64_t seq = 0;  // of the ledger, so that each is told once
};
template <class V>
void fields(V& v, TellProvider& x) {
  v(1, "request", x.request);
  v(2, "seq", x.seq);
}

struct ProviderTold {
  static constexpr std::string_view kName = "ProviderTold";
  Uuid payment;
};
template <class V>
void fields(V& v, ProviderTold& x) {
  v(1, "payment", x.payment);
}

}  // namespace stoa

namespace stoa::payment {

EffectPlan plan_authorization(const AuthorizePayment& c, const Call& call, const Reader& reader);
RecordAuthorization authorization_result(const AuthorizePayment& c, const std::string& result);
Outcome record_authorization(const RecordAuthorization& c, const Call& call, Transaction& tx);

EffectPlan plan_confirmation(const ConfirmPayment& c, const Call& call, const Reader& reader);
RecordConfirmation confirmation_result(const ConfirmPayment& c, const std::string& result);
Outcome record_confirmation(const RecordConfirmation& c, const Call& call, Transaction& tx);

EffectPlan plan_telling(const TellProvider& c, const Call& call, const Reader& reader);
ProviderTold telling_result(const TellProvider& c, const std::string& result);
Outcome provider_told(const ProviderTold& c, const Call& call, Transaction& tx);

Outcome cancel(const CancelPayment& c, const Call& call, Transaction& tx);
Outcome capture_for_shipment(const CaptureForShipment& c, const Call& call, Transaction& tx);
Outcome capture(const CapturePayment& c, const Call& call, Transaction& tx);
Outcome void_payment(const VoidPayment& c, const Call& call, Transaction& tx);
Outcome refund(const RefundPayment& c, const Call& call, Transaction& tx);
Outcome get(const GetPayment& q, const Call& call, const Reader& reader);

const StateMachine& machine();

// I2: each payment's ledger sums to zero, captured <= authorised, refunded <= captured.
Uuid check_money(const Reader& reader, Uuid from, std::vector<std::string>& violations);

}  // namespace stoa::payment
