// The messages an order shard understands.
#pragma once

#include "actors/order/decisions.hpp"
#include "actors/runtime/api.hpp"
#include "actors/service_number.hpp"

namespace stoa {

using OrderMessages = Messages<PlaceOrder,    // begins an order; answered when it is decided, or when the wait is over
                               CancelOrder,   // gives up an order, or takes back a confirmed one
                               GetOrder,      // an order as its owner or an admin sees it
                               ListOrders,    // a customer's orders, newest first
                               NotePayment,   // a payment has changed
                               NoteShipment,  // a shipment has moved
                               NoteOverdue>;  // stock is held for longer than an order may take

}  // namespace stoa

CAF_BEGIN_TYPE_ID_BLOCK(stoa_order, stoa::first_type_id(stoa::service_number::order))
CAF_ADD_TYPE_ID(stoa_order, (stoa::PlaceOrder))
CAF_ADD_TYPE_ID(stoa_order, (stoa::CancelOrder))
CAF_ADD_TYPE_ID(stoa_order, (stoa::GetOrder))
CAF_ADD_TYPE_ID(stoa_order, (stoa::ListOrders))
CAF_ADD_TYPE_ID(stoa_order, (stoa::NotePayment))
CAF_ADD_TYPE_ID(stoa_order, (stoa::NoteShipment))
CAF_ADD_TYPE_ID(stoa_order, (stoa::NoteOverdue))
CAF_END_TYPE_ID_BLOCK(stoa_order)
