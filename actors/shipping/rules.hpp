// The business of shipments. The carrier is part of this service, so booking needs nobody's word: the record is the
// booking, and the carrier's people report by tracking events.
#pragma once

#include <string>
#include <vector>

#include "actors/runtime/state_machine.hpp"
#include "actors/shipping/types.hpp"
#include "base/call.hpp"
#include "storage/transaction.hpp"

namespace stoa::shipping {

constexpr size_t kMaxTracking = 1000;  // events of one shipment

Outcome book(const BookShipment& c, const Call& call, Transaction& tx);
Outcome cancel_booking(const CancelBooking& c, const Call& call, Transaction& tx);

// What is wrong with the event itself: `booked` and `cancelled` are decided here and are no news of a carrier.
std::vector<FieldError> faults_of(const AddTracking& c);

// 201 the shipment. An event that is late (it occurred before the last move) or repeats an event or a status that the
// shipment has had is recorded and moves nothing; any other step that the table does not have is illegal_transition.
Outcome add_tracking(const AddTracking& c, const Call& call, Transaction& tx);

// For its customer, carriers and admins.
Outcome get(const GetShipment& q, const Call& call, const Reader& reader);

const StateMachine& machine();

// Part of I3 that shows here: a shipment's status is one that its path leads to.
Uuid check_shipments(const Reader& reader, Uuid from, std::vector<std::string>& violations);

}  // namespace stoa::shipping
