// The order service, for the program to find: what it understands, how it is reached, what it listens to.
#include "actors/runtime/service.hpp"

#include "actors/order/api.hpp"
#include "actors/order/records.hpp"
#include "actors/order/routes.hpp"
#include "actors/order/rules.hpp"
#include "actors/order/saga.hpp"
#include "actors/runtime/service_port.hpp"

namespace stoa::order {
namespace {

template <class Fact, class Command>
Subscription note() {
  return {Fact::kName,
          [](const std::string& payload) { return AnyCommand::of(Command{decode_stored<Fact>(payload)}); }};
}

}  // namespace

Service make_service();
Service make_service() {
  Service s;
  s.name = "order";
  s.number = service_number::order;
  s.commands.on<PlaceOrder>(place)
      .on<DecideOrder>(decide)
      .on<AwaitPayment>(await_payment)
      .on<ExpireOrder>(expire)
      .on<CancelOrder>(cancel)
      .on<NotePayment>(note_payment)
      .on<NoteShipment>(note_shipment)
      .on<NoteOverdue>(note_overdue)
      .query<GetOrder>(get)
      .query<ListOrders>(list);
  s.routes = routes();
  s.refusals = {{kCurrencyMismatch.code, 422, "Currencies differ"}};
  s.sagas["place"] = {next_step, give_up};
  s.progress = progress;
  s.subscriptions = {note<PaymentChanged, NotePayment>(), note<ShipmentChanged, NoteShipment>(),
                     note<ReservationOverdue, NoteOverdue>()};
  s.machines = {machine()};
  s.invariants = {{"I3", {OrderRecord::kTable, SagaRow::kTable}, check_orders},
                  {"I6", {OrderRecord::kTable}, check_history}};
  s.make_port = [] { return std::make_unique<TypedServicePort<OrderMessages>::With<caf::id_block::stoa_order>>(); };
  return s;
}

}  // namespace stoa::order
