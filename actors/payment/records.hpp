// What the payment service stores.
#pragma once

#include "actors/payment/types.hpp"
#include "storage/key.hpp"

namespace stoa {

// A payment, or only the tombstone of one: `cancelled` before there was anything to cancel.
struct PaymentRecord {
  static constexpr Table kTable = 1;
  Uuid id;  // of order and payment
  Payment payment;
  UserId customer_id;
  bool known = false;      // an authorisation was asked for
  bool cancelled = false;  // the order was given up: nothing may be held any more
  int64_t changes = 0;     // facts told so far

  Uuid key() const { return id; }
};
template <class V>
void fields(V& v, PaymentRecord& x) {
  v(1, "id", x.id);
  v(2, "payment", x.payment);
  v(3, "customer_id", x.customer_id);
  v(4, "known", x.known);
  v(5, "cancelled", x.cancelled);
  v(6, "changes", x.changes);
}

}  // namespace stoa
