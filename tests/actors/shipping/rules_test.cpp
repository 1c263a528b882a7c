#include "actors/shipping/rules.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <tuple>

#include "tests/actors/shipping/dock.hpp"

namespace stoa::shipping {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Status = ShipmentStatus;

TEST(Shipment, IsBookedOnceHoweverOftenItIsAsked) {
  Dock dock;
  const Outcome first = dock.booked();
  EXPECT_EQ(decode_stored<ShipmentBooked>(first.answer.body).shipment_id, shipment_of(dock.order));
  EXPECT_EQ(encode(dock.booked().answer), encode(first.answer));
  EXPECT_THAT(dock.all<ShipmentRecord>(), testing::SizeIs(1));
  EXPECT_THAT(dock.told(), IsEmpty()) << "the reply says it";
}

TEST(Shipment, IsNeverBookedAfterItsCancel) {
  Dock dock;
  dock.must(cancel_booking, CancelBooking{dock.order});
  EXPECT_EQ(dock.booked().answer.code, kShipmentCancelled.code);
  EXPECT_EQ(dock.report(Status::kInTransit, 1).answer.code, kNotFound.code);
  EXPECT_THAT(dock.told(), IsEmpty());
}

TEST(Shipment, IsCancelledOnceAndTellsItsOrder) {
  Dock dock;
  (void)dock.booked();
  for (int i = 0; i < 2; ++i) dock.must(cancel_booking, CancelBooking{dock.order});
  EXPECT_EQ(dock.status(), Status::kCancelled);
  EXPECT_THAT(dock.told(), ElementsAre(Status::kCancelled));
  EXPECT_EQ(dock.report(Status::kInTransit, 1).answer.code, kIllegalTransition.code);
}

TEST(Shipment, GoesOnWhenItIsOnItsWayAlready) {
  Dock dock;
  (void)dock.booked();
  (void)dock.report(Status::kInTransit, 1);
  dock.must(cancel_booking, CancelBooking{dock.order});
  EXPECT_EQ(dock.status(), Status::kInTransit);
  EXPECT_FALSE(dock.report(Status::kDelivered, 2).is_refused());
  EXPECT_THAT(dock.told(), ElementsAre(Status::kInTransit, Status::kDelivered));
}

TEST(Shipment, RecordsALateEventAndDoesNotMoveBack) {
  Dock dock;
  (void)dock.booked();
  (void)dock.report(Status::kInTransit, 10);
  (void)dock.report(Status::kDelivered, 20);
  const Outcome late = dock.report(Status::kFailedAttempt, 15);
  EXPECT_EQ(static_cast<Done>(late.answer.done), Done::kCreated);
  EXPECT_EQ(dock.status(), Status::kDelivered);
  EXPECT_EQ(dock.stored().shipment.tracking.size(), 3u);
  EXPECT_THAT(dock.told(), ElementsAre(Status::kInTransit, Status::kDelivered));
  EXPECT_THAT(dock.violations(), IsEmpty());
}

TEST(Shipment, RecordsARepeatedEventAndTellsNobody) {
  Dock dock;
  (void)dock.booked();
  for (int64_t minute : {10, 10, 30}) EXPECT_FALSE(dock.report(Status::kInTransit, minute).is_refused());
  (void)dock.report(Status::kDelivered, 40);
  EXPECT_FALSE(dock.report(Status::kInTransit, 50).is_refused());
  EXPECT_EQ(dock.status(), Status::kDelivered);
  EXPECT_EQ(dock.stored().shipment.tracking.size(), 5u);
  EXPECT_THAT(dock.told(), ElementsAre(Status::kInTransit, Status::kDelivered));
}

TEST(Shipment, IsNotMovedBackByTheSameReportToldAgain) {
  Dock dock;
  (void)dock.booked();
  (void)dock.report(Status::kInTransit, 10);
  (void)dock.report(Status::kFailedAttempt, 10);
  EXPECT_FALSE(dock.report(Status::kInTransit, 10).is_refused());
  EXPECT_EQ(dock.status(), Status::kFailedAttempt);
  EXPECT_THAT(dock.told(), ElementsAre(Status::kInTransit, Status::kFailedAttempt));
}

TEST(Shipment, MayBeBookedLaterThanItsCarriersClockSays) {
  Dock dock;
  (void)dock.booked();
  EXPECT_FALSE(dock.report(Status::kInTransit, -500'000).is_refused());
  EXPECT_EQ(dock.status(), Status::kInTransit);
}

TEST(Shipment, TriesAgainAfterAFailedAttempt) {
  Dock dock;
  (void)dock.booked();
  int64_t minute = 0;
  for (const Status s : {Status::kInTransit, Status::kFailedAttempt, Status::kInTransit, Status::kFailedAttempt,
                         Status::kInTransit, Status::kDelivered, Status::kReturned}) {
    EXPECT_FALSE(dock.report(s, ++minute).is_refused());
    EXPECT_EQ(dock.status(), s);
  }
  int64_t seq = 0;
  for (const auto& fact : dock.emitted<ShipmentChanged>()) EXPECT_EQ(fact.seq, ++seq);
  EXPECT_EQ(seq, 7);
  EXPECT_THAT(dock.violations(), IsEmpty());
}

TEST(Shipment, TakesABoundedNumberOfEvents) {
  Dock dock;
  (void)dock.booked();
  for (size_t i = 0; i < kMaxTracking; ++i) ASSERT_FALSE(dock.report(Status::kInTransit, 1).is_refused());
  EXPECT_EQ(dock.report(Status::kDelivered, 2).answer.code, kValidationFailed.code);
}

TEST(Shipment, IsShownToItsCustomerToCarriersAndAdmins) {
  Dock dock;
  (void)dock.booked();
  const GetShipment query{shipment_of(dock.order)};
  const UserId other = UserId::mint(dock.now, 9, dock.random);
  const std::tuple<UserRole, UserId, bool> rows[] = {{UserRole::kCustomer, dock.customer, true},
                                                     {UserRole::kCarrier, other, true},
                                                     {UserRole::kAdmin, other, true},
                                                     {UserRole::kCustomer, other, false},
                                                     {UserRole::kMerchant, other, false}};
  for (const auto& [role, user, seen] : rows) {
    EXPECT_EQ(dock.ask(get, query, call_by(role, user)).is_refused(), !seen) << name_of(role);
  }
}

// The shortest way into each status.
void bring_to(Dock& dock, Status status) {
  (void)dock.booked();
  if (status == Status::kCancelled) return dock.must(cancel_booking, CancelBooking{dock.order});
  if (status == Status::kBooked) return;
  (void)dock.report(Status::kInTransit, 1);
  if (status == Status::kReturned) (void)dock.report(Status::kDelivered, 2);
  if (status != Status::kInTransit) (void)dock.report(status, 3);
}

TEST(Shipment, IsNeitherCancelledNorBookedByItsCarrier) {
  for (const auto& from : kShipmentStatusNames) {
    for (const Status to : {Status::kBooked, Status::kCancelled}) {
      for (const int64_t minute : {0, 10}) {
        Dock dock;
        bring_to(dock, from.value);
        const auto told = dock.told();
        const std::string what = std::string(from.name) + " to " + std::string(name_of(to));
        EXPECT_EQ(dock.report(to, minute).answer.code, kValidationFailed.code) << what;
        EXPECT_EQ(dock.writes, 0u) << what;
        EXPECT_EQ(dock.status(), from.value) << what;
        EXPECT_EQ(dock.told(), told) << what;
      }
    }
  }
}

TEST(ShipmentStates, AreMovedByEachReportAsTheTableSays) {
  const auto& table = machine().transitions;
  for (const auto& from : kShipmentStatusNames) {
    for (const auto& to : kShipmentStatusNames) {
      Dock dock;
      bring_to(dock, from.value);
      ASSERT_EQ(dock.status(), from.value);
      const auto path = dock.stored().path;
      const bool known = std::find(path.begin(), path.end(), to.value) != path.end();
      const bool step = std::any_of(table.begin(), table.end(),
                                    [&](const Transition& t) { return t.from == from.name && t.to == to.name; });
      const std::string what = std::string(from.name) + " to " + std::string(to.name);
      const Outcome outcome = dock.report(to.value, 10);
      const bool news = to.value != Status::kBooked && to.value != Status::kCancelled;  // a carrier may report it
      EXPECT_EQ(dock.status(), step && news ? to.value : from.value) << what;
      EXPECT_EQ(outcome.answer.code, !news           ? kValidationFailed.code
                                     : step || known ? ""
                                                     : kIllegalTransition.code)
          << what;
      EXPECT_THAT(dock.violations(), IsEmpty()) << what;
    }
  }
}

TEST(ShipmentInvariant, SeesAStatusThatNoPathLeadsTo) {
  Dock dock;
  (void)dock.booked();
  Transaction tx(dock.state, 0, dock.now, dock.random);
  ShipmentRecord record = dock.stored();
  record.shipment.status = Status::kDelivered;
  tx.put(record);
  dock.state.apply(tx.writes());
  EXPECT_THAT(dock.violations(), testing::SizeIs(1));
}

}  // namespace
}  // namespace stoa::shipping
