// What a shard of the payment service understands, as a typed actor: each message is answered by a Reply.
#pragma once

#include "actors/payment/rules.hpp"
#include "actors/runtime/api.hpp"
#include "actors/service_number.hpp"

namespace stoa {

using PaymentMessages = Messages<AuthorizePayment,    // an order wants its money held
                                 CancelPayment,       // no money may be held or kept, asked for or not
                                 CaptureForShipment,  // the order is on its way: take what is held
                                 ConfirmPayment,      // the customer confirms a payment that wants it
                                 CapturePayment,      // an admin takes money that is held
                                 VoidPayment,         // an admin lets go what is held
                                 RefundPayment,       // an admin gives back what was taken
                                 GetPayment,          // a payment as its customer and admins see it
                                 TellProvider>;       // the provider is to hear what was decided

}  // namespace stoa

CAF_BEGIN_TYPE_ID_BLOCK(stoa_payment, stoa::first_type_id(stoa::service_number::payment))
CAF_ADD_TYPE_ID(stoa_payment, (stoa::AuthorizePayment))
CAF_ADD_TYPE_ID(stoa_payment, (stoa::CancelPayment))
CAF_ADD_TYPE_ID(stoa_payment, (stoa::CaptureForShipment))
CAF_ADD_TYPE_ID(stoa_payment, (stoa::ConfirmPayment))
CAF_ADD_TYPE_ID(stoa_payment, (stoa::CapturePayment))
CAF_ADD_TYPE_ID(stoa_payment, (stoa::VoidPayment))
CAF_ADD_TYPE_ID(stoa_payment, (stoa::RefundPayment))
CAF_ADD_TYPE_ID(stoa_payment, (stoa::GetPayment))
CAF_ADD_TYPE_ID(stoa_payment, (stoa::TellProvider))
CAF_END_TYPE_ID_BLOCK(stoa_payment)
