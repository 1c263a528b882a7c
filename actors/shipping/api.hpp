// What a shard of the shipping service understands, as a typed actor: each message is answered by a Reply.
#pragma once

#include "actors/runtime/api.hpp"
#include "actors/service_number.hpp"
#include "actors/shipping/types.hpp"

namespace stoa {

using ShippingMessages = Messages<BookShipment,   // an order wants to be shipped
                                  CancelBooking,  // nothing is to be shipped, booked or not
                                  AddTracking,    // a carrier reports
                                  GetShipment>;   // a shipment as its customer, carriers and admins see it

}  // namespace stoa

CAF_BEGIN_TYPE_ID_BLOCK(stoa_shipping, stoa::first_type_id(stoa::service_number::shipping))
CAF_ADD_TYPE_ID(stoa_shipping, (stoa::BookShipment))
CAF_ADD_TYPE_ID(stoa_shipping, (stoa::CancelBooking))
CAF_ADD_TYPE_ID(stoa_shipping, (stoa::AddTracking))
CAF_ADD_TYPE_ID(stoa_shipping, (stoa::GetShipment))
CAF_END_TYPE_ID_BLOCK(stoa_shipping)
