#include <gmock/gmock.h>

#include "tests/actors/order/desk.hpp"

namespace stoa::order {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(FactsOfAnOrder, AreAppendedOnceHoweverOftenTheyCome) {
  Desk desk;
  desk.confirmed();
  for (int i = 0; i < 3; ++i) {
    (void)desk.shipped(ShipmentStatus::kInTransit, 1);
    (void)desk.paid(PaymentStatus::kCaptured, 1);
    (void)desk.shipped(ShipmentStatus::kDelivered, 2);
  }
  EXPECT_EQ(desk.events(), "OrderPlaced OrderConfirmed ShipmentInTransit PaymentCaptured ShipmentDelivered ");
  EXPECT_EQ(desk.status(), OrderStatus::kDelivered);
  EXPECT_THAT(desk.sent<CaptureForShipment>(), SizeIs(1));
  EXPECT_THAT(desk.violations(), IsEmpty());
}

TEST(FactsOfAnOrder, MayOvertakeOneAnother) {
  Desk desk;
  desk.confirmed();
  (void)desk.shipped(ShipmentStatus::kDelivered, 2);
  EXPECT_EQ(desk.status(), OrderStatus::kDelivered);
  EXPECT_THAT(desk.sent<CaptureForShipment>(), SizeIs(1));
  (void)desk.shipped(ShipmentStatus::kInTransit, 1);
  EXPECT_EQ(desk.status(), OrderStatus::kDelivered);
  EXPECT_THAT(desk.violations(), IsEmpty());
}

TEST(FactsOfAnOrder, OfTheShipmentWaitForTheDecision) {
  Desk desk;
  desk.placed("tok_3ds");
  desk.must(await_payment, AwaitPayment{desk.confirmation()});
  (void)desk.shipped(ShipmentStatus::kInTransit, 1);
  EXPECT_EQ(desk.status(), OrderStatus::kPending);
  (void)desk.paid(PaymentStatus::kAuthorized, 1);
  EXPECT_EQ(desk.status(), OrderStatus::kShipped);
  EXPECT_THAT(desk.sent<CaptureForShipment>(), SizeIs(1));
  EXPECT_EQ(desk.events(), "OrderPlaced PaymentRequiresAction PaymentAuthorized OrderConfirmed ShipmentInTransit ");
  EXPECT_THAT(desk.violations(), IsEmpty());
}

TEST(FactsOfAnOrder, OfTheShipmentAreAppendedToARejectedOrderToo) {
  Desk desk;
  desk.placed();
  (void)desk.shipped(ShipmentStatus::kInTransit, 1);
  desk.must(decide, desk.rejection("payment_declined"));
  EXPECT_EQ(desk.events(), "OrderPlaced OrderRejected ShipmentInTransit ");
  EXPECT_THAT(desk.sent<CaptureForShipment>(), IsEmpty());
}

TEST(AnAwaitedPayment, DecidesWhenItsFactComes) {
  const std::tuple<PaymentStatus, OrderStatus, Desk::Sent> rows[] = {
      {PaymentStatus::kAuthorized, OrderStatus::kConfirmed, kCommitted},
      {PaymentStatus::kDeclined, OrderStatus::kRejected, kReleased},
      {PaymentStatus::kVoided, OrderStatus::kRejected, kReleased}};
  for (const auto& [fact, status, sent] : rows) {
    Desk desk;
    desk.placed("tok_3ds");
    desk.must(await_payment, AwaitPayment{desk.confirmation()});
    for (int i = 0; i < 2; ++i) (void)desk.paid(fact, 1);
    EXPECT_EQ(desk.status(), status) << name_of(fact);
    EXPECT_EQ(desk.counts(), sent) << name_of(fact);
    EXPECT_FALSE(desk.open());
    EXPECT_THAT(desk.violations(), IsEmpty()) << name_of(fact);
  }
}

TEST(AnAwaitedPayment, MayBeConfirmedBeforeTheOrderKnowsThatItWaits) {
  Desk desk;
  desk.placed("tok_3ds");
  (void)desk.paid(PaymentStatus::kAuthorized, 1);
  EXPECT_EQ(desk.status(), OrderStatus::kPending);
  desk.must(await_payment, AwaitPayment{desk.confirmation()});
  EXPECT_EQ(desk.status(), OrderStatus::kConfirmed);
  EXPECT_FALSE(desk.open());
  EXPECT_THAT(desk.violations(), IsEmpty());
}

TEST(AnAwaitedPayment, ThatNobodyConfirmsEndsTheOrder) {
  Desk desk;
  desk.placed("tok_3ds");
  desk.must(await_payment, AwaitPayment{desk.confirmation()});
  desk.must(expire, ExpireOrder{desk.order});
  EXPECT_EQ(desk.status(), OrderStatus::kRejected);
  EXPECT_EQ(desk.shown().payment_id, std::nullopt);
  (void)desk.paid(PaymentStatus::kDeclined, 1);
  EXPECT_EQ(desk.counts(), kReleased);
  EXPECT_THAT(desk.violations(), IsEmpty());
}

TEST(ALostPayment, TakesAConfirmedOrderBack) {
  for (const PaymentStatus lost : {PaymentStatus::kVoided, PaymentStatus::kRefunded}) {
    Desk desk;
    desk.confirmed();
    for (int i = 0; i < 2; ++i) (void)desk.paid(lost, 1);
    EXPECT_EQ(desk.status(), OrderStatus::kCancelled) << name_of(lost);
    EXPECT_EQ(desk.shown().reason, "payment_lost");
    EXPECT_EQ(desk.counts(), kTakenBack);
    EXPECT_THAT(desk.violations(), IsEmpty());
  }
}

TEST(ALostPayment, IsNoticedByTheDecisionThatComesAfterIt) {
  Desk desk;
  desk.placed();
  (void)desk.paid(PaymentStatus::kVoided, 1);
  EXPECT_EQ(desk.status(), OrderStatus::kPending);
  desk.must(decide, desk.confirmation());
  EXPECT_EQ(desk.status(), OrderStatus::kCancelled);
  EXPECT_EQ(desk.counts(), kTakenBack);
  EXPECT_THAT(desk.violations(), IsEmpty());
}

TEST(ALostPayment, OfAShippedOrderIsOnlyNoted) {
  Desk desk;
  desk.confirmed();
  (void)desk.shipped(ShipmentStatus::kInTransit, 1);
  (void)desk.paid(PaymentStatus::kCaptured, 1);
  (void)desk.paid(PaymentStatus::kRefunded, 2);
  EXPECT_EQ(desk.status(), OrderStatus::kShipped);
}

TEST(ACancelledShipment, TakesAConfirmedOrderBack) {
  Desk desk;
  desk.confirmed();
  (void)desk.shipped(ShipmentStatus::kCancelled, 1);
  EXPECT_EQ(desk.status(), OrderStatus::kCancelled);
  EXPECT_EQ(desk.shown().reason, "shipment_cancelled");
  EXPECT_EQ(desk.counts(), kTakenBack);
  EXPECT_THAT(desk.violations(), IsEmpty());
}

TEST(AnOverdueReservation, BarsAnOrderThatIsNotKnown) {
  Desk desk;
  desk.must(note_overdue, NoteOverdue{{desk.order, desk.chair.slot()}});
  ASSERT_THAT(desk.sent<ReleaseReservation>(), SizeIs(1));
  EXPECT_EQ(desk.outgoing.at(0).slot, desk.chair.slot());
  EXPECT_TRUE(desk.run(place, desk.wanted(), desk.by_customer()).is_refused());
  EXPECT_EQ(desk.ask(get, GetOrder{desk.order}, desk.by_admin()).answer.code, kNotFound.code);
  EXPECT_EQ(desk.run(cancel, CancelOrder{desk.order}, desk.by_admin()).answer.code, kNotFound.code);
  desk.must(note_overdue, NoteOverdue{{desk.order, desk.chair.slot()}});
  EXPECT_THAT(desk.sent<ReleaseReservation>(), SizeIs(2)) << "asked again, answered again";
  EXPECT_THAT(desk.violations(), IsEmpty());
}

TEST(AnOverdueReservation, IsAnsweredByWhatBecameOfTheOrder) {
  struct Row {
    const char* what;
    void (*bring)(Desk&);
    size_t commits, releases;
  };
  const Row rows[] = {
      {"pending", [](Desk& d) { d.placed(); }, 0, 0},
      {"confirmed", [](Desk& d) { d.confirmed(); }, 1, 0},
      {"rejected", [](Desk& d) { d.placed(), d.must(decide, d.rejection("out_of_stock")); }, 0, 1},
      {"cancelled early", [](Desk& d) { d.placed(), d.must(cancel, CancelOrder{d.order}, d.by_customer()); }, 0, 1},
      {"cancelled late", [](Desk& d) { d.confirmed(), d.must(cancel, CancelOrder{d.order}, d.by_customer()); }, 1, 0},
  };
  for (const Row& row : rows) {
    Desk desk;
    row.bring(desk);
    desk.outgoing.clear();
    desk.must(note_overdue, NoteOverdue{{desk.order, desk.chair.slot()}});
    EXPECT_EQ(desk.sent<CommitReservation>().size(), row.commits) << row.what;
    EXPECT_EQ(desk.sent<ReleaseReservation>().size(), row.releases) << row.what;
  }
}

}  // namespace
}  // namespace stoa::order
