// What a shard of the product service understands, as a typed actor: each message is answered by a Reply.
#pragma once

#include "actors/product/listing.hpp"
#include "actors/product/rules.hpp"
#include "actors/product/types.hpp"
#include "actors/runtime/api.hpp"
#include "actors/service_number.hpp"

namespace stoa {

using ProductMessages = Messages<CreateProduct,       // a merchant's new product, with its first stock
                                 PatchProduct,        // changes what a product is, not what is in stock
                                 DeleteProduct,       // hides a product for good
                                 AdjustStock,         // pieces came or went outside any order
                                 GetProduct,          // what anyone may see of a product
                                 GetStock,            // what its merchant may see of its stock
                                 ListProducts,        // this shard's part of a page
                                 ReserveStock,        // holds all lines of an order that are here, or none
                                 CommitReservation,   // what is held is sold
                                 ReleaseReservation,  // what is held is free again
                                 ReturnStock,         // what was sold comes back
                                 ReservationDue,      // the shard's own timer on a reservation
                                 SweepReservations>;  // the shard's own timer on all of them

}  // namespace stoa

CAF_BEGIN_TYPE_ID_BLOCK(stoa_product, stoa::first_type_id(stoa::service_number::product))
CAF_ADD_TYPE_ID(stoa_product, (stoa::CreateProduct))
CAF_ADD_TYPE_ID(stoa_product, (stoa::PatchProduct))
CAF_ADD_TYPE_ID(stoa_product, (stoa::DeleteProduct))
CAF_ADD_TYPE_ID(stoa_product, (stoa::AdjustStock))
CAF_ADD_TYPE_ID(stoa_product, (stoa::GetProduct))
CAF_ADD_TYPE_ID(stoa_product, (stoa::GetStock))
CAF_ADD_TYPE_ID(stoa_product, (stoa::ListProducts))
CAF_ADD_TYPE_ID(stoa_product, (stoa::ReserveStock))
CAF_ADD_TYPE_ID(stoa_product, (stoa::CommitReservation))
CAF_ADD_TYPE_ID(stoa_product, (stoa::ReleaseReservation))
CAF_ADD_TYPE_ID(stoa_product, (stoa::ReturnStock))
CAF_ADD_TYPE_ID(stoa_product, (stoa::ReservationDue))
CAF_ADD_TYPE_ID(stoa_product, (stoa::SweepReservations))
CAF_END_TYPE_ID_BLOCK(stoa_product)
