// The commands an order's shard gives itself: what the saga decided, what a timer or a fact demands.
#pragma once

#include "actors/order/types.hpp"
#include "actors/payment/types.hpp"
#include "actors/product/types.hpp"
#include "actors/shipping/types.hpp"

namespace stoa {

// The pivot of placing an order. Confirmed with everything that is held for it, or rejected with the refusal that its
// customer is told.
struct DecideOrder {
  static constexpr std::string_view kName = "DecideOrder";
  OrderId id;
  bool confirm = false;
  std::string code;    // of the refusal; empty when confirmed
  std::string detail;  // likewise
  std::vector<FieldError> errors;
  std::vector<ReservedLine> lines;      // of all shards, in the order of the request
  std::vector<uint32_t> product_slots;  // one for each shard that was asked to hold something
};
template <class V>
void fields(V& v, DecideOrder& x) {
  v(1, "id", x.id);
  v(2, "confirm", x.confirm);
  v(3, "code", x.code);
  v(4, "detail", x.detail);
  v(5, "errors", x.errors);
  v(6, "lines", x.lines);
  v(7, "product_slots", x.product_slots);
}

// The customer must confirm the payment first: the saga waits for the payment's fact.
struct AwaitPayment {
  static constexpr std::string_view kName = "AwaitPayment";
  DecideOrder ready;  // what is decided once the payment is authorised
};
template <class V>
void fields(V& v, AwaitPayment& x) {
  v(1, "ready", x.ready);
}

// The order's time to be decided is over.
struct ExpireOrder {
  static constexpr std::string_view kName = "ExpireOrder";
  OrderId id;
};
template <class V>
void fields(V& v, ExpireOrder& x) {
  v(1, "id", x.id);
}

// Facts of others, as commands here.
struct NotePayment {
  static constexpr std::string_view kName = "NotePayment";
  PaymentChanged fact;
};
template <class V>
void fields(V& v, NotePayment& x) {
  v(1, "fact", x.fact);
}

struct NoteShipment {
  static constexpr std::string_view kName = "NoteShipment";
  ShipmentChanged fact;
};
template <class V>
void fields(V& v, NoteShipment& x) {
  v(1, "fact", x.fact);
}

struct NoteOverdue {
  static constexpr std::string_view kName = "NoteOverdue";
  ReservationOverdue fact;
};
template <class V>
void fields(V& v, NoteOverdue& x) {
  v(1, "fact", x.fact);
}

}  // namespace stoa
