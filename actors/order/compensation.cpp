#include "actors/order/compensation.hpp"

#include "actors/order/history.hpp"
#include "actors/service_number.hpp"

namespace stoa::order {
namespace {

void cancel_the_rest(const OrderRecord& r, Transaction& tx) {
  tx.send(service_number::payment, r.id.slot(), CancelPayment{r.id});
  tx.send(service_number::shipping, r.id.slot(), CancelBooking{r.id});
}

}  // namespace

void release_everything(const OrderRecord& r, Transaction& tx) {
  for (const uint32_t slot : r.product_slots) {
    tx.send(service_number::product, static_cast<Slot>(slot), ReleaseReservation{r.id});
  }
  cancel_the_rest(r, tx);
}

void take_back(OrderRecord& r, const std::string& reason, Transaction& tx) {
  move(r.order, OrderStatus::kCancelled, "OrderCancelled", tx.now());
  r.order.reason = reason;
  for (const ReservedLine& l : r.held) {
    tx.send(service_number::product, l.product_id.slot(), ReturnStock{r.id, {{l.line, l.product_id, l.quantity}}});
  }
  cancel_the_rest(r, tx);
}

}  // namespace stoa::order
