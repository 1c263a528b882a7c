// The payment service, for the program to find: what it understands and how it is reached.
#include "actors/runtime/service.hpp"

#include "actors/payment/api.hpp"
#include "actors/payment/records.hpp"
#include "actors/payment/routes.hpp"
#include "actors/runtime/service_port.hpp"

namespace stoa::payment {

Service make_service();
Service make_service() {
  Service s;
  s.name = "payment";
  s.number = service_number::payment;
  s.commands.effect<AuthorizePayment, RecordAuthorization>(plan_authorization, authorization_result)
      .effect<ConfirmPayment, RecordConfirmation>(plan_confirmation, confirmation_result)
      .effect<TellProvider, ProviderTold>(plan_telling, telling_result)
      .on<RecordAuthorization>(record_authorization)
      .on<RecordConfirmation>(record_confirmation)
      .on<ProviderTold>(provider_told)
      .on<CancelPayment>(cancel)
      .on<CaptureForShipment>(capture_for_shipment)
      .on<CapturePayment>(capture)
      .on<VoidPayment>(void_payment)
      .on<RefundPayment>(refund)
      .query<GetPayment>(get);
  s.routes = routes();
  s.refusals = {{kPaymentDeclined.code, 402, "The payment was declined"},
                {kCurrencyMismatch.code, 422, "Currencies differ"}};
  s.machines = {machine()};
  s.invariants = {{"I2", {PaymentRecord::kTable}, check_money}};
  s.make_port = [] { return std::make_unique<TypedServicePort<PaymentMessages>::With<caf::id_block::stoa_payment>>(); };
  return s;
}

}  // namespace stoa::payment
