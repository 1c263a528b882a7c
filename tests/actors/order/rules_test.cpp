#include "actors/order/rules.hpp"

#include <gmock/gmock.h>

#include "tests/actors/order/desk.hpp"

namespace stoa::order {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(PlacingAnOrder, BeginsPendingWithItsSagaAndItsDeadline) {
  Desk desk;
  const Outcome outcome = desk.run(place, desk.wanted(), desk.by_customer());
  ASSERT_TRUE(outcome.is_later());
  EXPECT_EQ(*outcome.token, desk.order.uuid);
  EXPECT_EQ(desk.status(), OrderStatus::kPending);
  EXPECT_EQ(desk.events(), "OrderPlaced ");
  EXPECT_EQ(desk.find<SagaRow>(desk.order.uuid)->kind, "place");
  EXPECT_EQ(desk.find<SagaRow>(desk.order.uuid)->until, after(desk.now, kDecideWithinMs));
  EXPECT_EQ(desk.counts(), kNothing) << "asking is the saga's";
  EXPECT_THAT(desk.violations(), IsEmpty());
}

TEST(PlacingAnOrder, IsShownPendingWithoutWhatIsNotKnownYet) {
  Desk desk;
  desk.placed();
  const std::string body = progress(desk.order.uuid, desk.reader()).answer.body;
  EXPECT_THAT(body, testing::HasSubstr(R"("status":"pending","reason":null)"));
  EXPECT_THAT(body, testing::HasSubstr(R"("sku":null)"));
  EXPECT_THAT(body, testing::HasSubstr(R"("total":null)"));
  EXPECT_THAT(body, testing::HasSubstr(R"("payment_id":null,"shipment_ids":[])"));
  EXPECT_THAT(body, testing::HasSubstr(R"("from":null,"to":"pending")"));
}

TEST(Deciding, ConfirmsWithEverythingFrozen) {
  Desk desk;
  desk.confirmed();
  const Order order = desk.shown();
  EXPECT_EQ(order.status, OrderStatus::kConfirmed);
  EXPECT_EQ(*order.total, (Money{7000, "EUR"}));
  EXPECT_EQ(*order.lines.at(0).total, (Money{2000, "EUR"}));
  EXPECT_EQ(*order.payment_id, payment_of(desk.order));
  EXPECT_THAT(order.shipment_ids, testing::ElementsAre(shipment_of(desk.order)));
  EXPECT_EQ(desk.counts(), kCommitted);
  EXPECT_FALSE(desk.open());
  EXPECT_THAT(desk.timers, IsEmpty());
  ASSERT_THAT(desk.answers, SizeIs(1));
  EXPECT_EQ(static_cast<Done>(desk.answers[0].answer.done), Done::kCreated);
  EXPECT_EQ(desk.answers[0].answer.location_id, desk.order.text());
  EXPECT_EQ(desk.answers[0].answer.body, to_json(order));
  EXPECT_THAT(desk.violations(), IsEmpty());
}

TEST(Deciding, RejectsAndTellsEveryParticipantAskedOrNot) {
  for (const char* code : {"out_of_stock", "unknown_product", "currency_mismatch", "payment_declined"}) {
    Desk desk;
    desk.placed();
    desk.must(decide, desk.rejection(code));
    EXPECT_EQ(desk.status(), OrderStatus::kRejected);
    EXPECT_EQ(desk.shown().reason, code);
    EXPECT_EQ(desk.shown().payment_id, std::nullopt);
    EXPECT_EQ(desk.counts(), kReleased);
    EXPECT_FALSE(desk.open());
    EXPECT_EQ(desk.answers.at(0).answer.code, code);
    EXPECT_THAT(desk.violations(), IsEmpty());
  }
}

TEST(Deciding, ShowsTheOrderWhereTheReasonIsNoRefusalOfTheContract) {
  for (const char* code : {"released", "payment_cancelled", "shipment_cancelled"}) {
    Desk desk;
    desk.placed();
    desk.must(decide, desk.rejection(code));
    EXPECT_EQ(desk.answers.at(0).answer.code, "");
    EXPECT_EQ(static_cast<Done>(desk.answers.at(0).answer.done), Done::kAccepted);
    EXPECT_EQ(desk.shown().reason, code);
  }
}

TEST(Deciding, IsDoneOnceWhateverComesAfter) {
  Desk desk;
  desk.confirmed();
  const std::string before = encode(*desk.find<OrderRecord>(desk.order));
  desk.must(decide, desk.rejection("out_of_stock"));
  desk.must(decide, desk.confirmation());
  desk.must(expire, ExpireOrder{desk.order});
  desk.must(await_payment, AwaitPayment{desk.confirmation()});
  EXPECT_EQ(encode(*desk.find<OrderRecord>(desk.order)), before);
  EXPECT_EQ(desk.counts(), kCommitted);
  EXPECT_THAT(desk.answers, SizeIs(1));
}

TEST(Deciding, RejectsWhenTheTimeIsOver) {
  Desk desk;
  desk.placed();
  desk.must(expire, ExpireOrder{desk.order});
  EXPECT_EQ(desk.status(), OrderStatus::kRejected);
  EXPECT_EQ(desk.shown().reason, "timed_out");
  EXPECT_EQ(desk.counts(), kReleased);
  EXPECT_EQ(static_cast<Done>(desk.answers.at(0).answer.done), Done::kAccepted);
}

TEST(AwaitingAPayment, AnswersAndWaitsForFifteenMinutes) {
  Desk desk;
  desk.placed("tok_3ds");
  desk.must(await_payment, AwaitPayment{desk.confirmation()});
  EXPECT_EQ(desk.status(), OrderStatus::kPending);
  EXPECT_EQ(*desk.shown().payment_id, payment_of(desk.order)) << "the customer must know what to confirm";
  EXPECT_TRUE(desk.find<SagaRow>(desk.order.uuid)->waits);
  EXPECT_EQ(desk.find<SagaRow>(desk.order.uuid)->until, after(desk.now, 15 * 60'000));
  EXPECT_EQ(static_cast<Done>(desk.answers.at(0).answer.done), Done::kAccepted);
  EXPECT_THAT(desk.violations(), IsEmpty());
}

TEST(Cancelling, UndoesAPendingOrderAndAnswersWhoWaits) {
  Desk desk;
  desk.placed();
  const Outcome outcome = desk.run(cancel, CancelOrder{desk.order}, desk.by_customer());
  EXPECT_EQ(static_cast<Done>(outcome.answer.done), Done::kOk);
  EXPECT_EQ(desk.status(), OrderStatus::kCancelled);
  EXPECT_EQ(desk.counts(), kReleased);
  EXPECT_EQ(static_cast<Done>(desk.answers.at(0).answer.done), Done::kAccepted);
  EXPECT_FALSE(desk.open());
  desk.must(decide, desk.confirmation());
  EXPECT_EQ(desk.status(), OrderStatus::kCancelled);
  EXPECT_EQ(desk.counts(), kReleased);
  EXPECT_THAT(desk.violations(), IsEmpty());
}

TEST(Cancelling, TakesBackAConfirmedOrder) {
  Desk desk;
  desk.confirmed();
  EXPECT_FALSE(desk.run(cancel, CancelOrder{desk.order}, desk.by_admin()).is_refused());
  EXPECT_EQ(desk.counts(), kTakenBack);
  EXPECT_EQ(*desk.shown().payment_id, payment_of(desk.order)) << "ids never change once confirmed";
  EXPECT_EQ(desk.shown().reason, "cancelled_by_admin");
  EXPECT_THAT(desk.violations(), IsEmpty());
}

TEST(Cancelling, IsForTheOwnerAndAdmins) {
  Desk desk;
  desk.confirmed();
  const Outcome others = desk.run(cancel, CancelOrder{desk.order}, desk.by_other());
  const Outcome unknown =
      desk.run(cancel, CancelOrder{OrderId::mint(desk.now, desk.slot, desk.random)}, desk.by_customer());
  EXPECT_EQ(others.answer.code, kNotFound.code);
  EXPECT_EQ(encode(others.answer), encode(unknown.answer));
  EXPECT_EQ(desk.status(), OrderStatus::kConfirmed);
}

// The shortest way into each status.
void bring_to(Desk& desk, OrderStatus status) {
  desk.placed();
  if (status == OrderStatus::kPending) return;
  if (status == OrderStatus::kRejected) return desk.must(decide, desk.rejection("out_of_stock"));
  if (status == OrderStatus::kCancelled) return desk.must(cancel, CancelOrder{desk.order}, desk.by_customer());
  desk.must(decide, desk.confirmation());
  if (status == OrderStatus::kConfirmed) return;
  (void)desk.shipped(ShipmentStatus::kInTransit, 1);
  if (status == OrderStatus::kShipped) return;
  (void)desk.shipped(ShipmentStatus::kDelivered, 2);
}

TEST(OrderStates, AreMovedByEachCommandAsTheTableSays) {
  const std::pair<const char*, void (*)(Desk&)> commands[] = {
      {"confirm", [](Desk& d) { d.must(decide, d.confirmation()); }},
      {"reject", [](Desk& d) { d.must(decide, d.rejection("out_of_stock")); }},
      {"cancel", [](Desk& d) { (void)d.run(cancel, CancelOrder{d.order}, d.by_customer()); }},
      {"ship", [](Desk& d) { (void)d.shipped(ShipmentStatus::kInTransit, 7); }},
  };
  const auto& table = machine().transitions;
  for (const auto& from : kOrderStatusNames) {
    if (from.value == OrderStatus::kReturned) continue;  // nothing leads out of it, and nothing here leads into it
    for (const auto& [command, run] : commands) {
      Desk desk;
      bring_to(desk, from.value);
      ASSERT_EQ(desk.status(), from.value);
      std::string_view to = from.name;
      for (const Transition& t : table) to = t.from == from.name && t.command == command ? t.to : to;
      run(desk);
      EXPECT_EQ(name_of(desk.status()), to) << from.name << " " << command;
      EXPECT_THAT(desk.violations(), IsEmpty()) << from.name << " " << command;
    }
  }
}

TEST(OrderStates, RefuseACancelWhereTheTableHasNone) {
  for (const OrderStatus from :
       {OrderStatus::kRejected, OrderStatus::kCancelled, OrderStatus::kShipped, OrderStatus::kDelivered}) {
    Desk desk;
    bring_to(desk, from);
    const Outcome outcome = desk.run(cancel, CancelOrder{desk.order}, desk.by_customer());
    EXPECT_EQ(outcome.answer.code, kIllegalTransition.code) << name_of(from);
  }
}

}  // namespace
}  // namespace stoa::order
