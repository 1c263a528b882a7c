// How an order is undone: what is asked of the others, all of it through the outbox and so until it is done.
#pragma once

#include <string>

#include "actors/order/records.hpp"
#include "storage/transaction.hpp"

namespace stoa::order {

// Before it was confirmed: everyone who was asked, or may still be by a message on its way, is told that nothing is
// wanted any more.
void release_everything(const OrderRecord& r, Transaction& tx);

// After it was confirmed: the order is cancelled, the stock goes back, the money is given back, nothing is shipped.
// REQUIRES a confirmed order. The caller puts the record.
void take_back(OrderRecord& r, const std::string& reason, Transaction& tx);

}  // namespace stoa::order
