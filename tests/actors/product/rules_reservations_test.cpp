#include <gtest/gtest.h>

#include "tests/actors/product/shop.hpp"

namespace stoa::product {
namespace {

CommitReservation commit(OrderId order) { return {order}; }
ReleaseReservation release(OrderId order) { return {order}; }

TEST(Reservations, HoldAllLinesAndFreezeWhatTheOrderNeeds) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 5), b = shop.with_stock("b", 2);
  const Outcome outcome = shop.run(reserve_stock, shop.reserve(shop.an_order(), {{2, b, 2}, {0, a, 3}}));
  const auto reserved = decode<StockReserved>(outcome.answer.body);
  ASSERT_TRUE(reserved && reserved->lines.size() == 2);
  EXPECT_EQ(reserved->lines[0].line, 2);
  EXPECT_EQ(reserved->lines[0].product_id, b);
  EXPECT_EQ(reserved->lines[0].merchant_id, shop.merchant);
  EXPECT_EQ(reserved->lines[0].sku, "b");
  EXPECT_EQ(reserved->lines[0].name, "Chair b");
  EXPECT_EQ(reserved->lines[0].unit_price, (Money{1999, "EUR"}));
  EXPECT_EQ(reserved->lines[1].quantity, 3);
  EXPECT_EQ(shop.stock(a).reserved, 3);
  EXPECT_EQ(shop.stock(b).available(), 0);
  EXPECT_EQ(shop.stock(a).on_hand, 5);
}

TEST(Reservations, HoldAllLinesOrNone) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 5), b = shop.with_stock("b", 2), gone = shop.with_stock("c", 9);
  shop.must(delete_product, DeleteProduct{gone, ""}, shop.by_merchant());
  const ProductId unknown = ProductId::mint(shop.now, 5, shop.random);
  const OrderId order = shop.an_order();

  const Outcome short_of = shop.run(reserve_stock, shop.reserve(order, {{0, a, 1}, {4, b, 3}}));
  EXPECT_EQ(short_of.answer.code, "out_of_stock");
  ASSERT_EQ(short_of.answer.errors.size(), 1u);
  EXPECT_EQ(short_of.answer.errors[0].pointer, "/lines/4");
  const Outcome not_known =
      shop.run(reserve_stock, shop.reserve(order, {{0, a, 1}, {1, b, 3}, {2, unknown, 1}, {3, gone, 1}}));
  EXPECT_EQ(not_known.answer.code, "unknown_product");
  ASSERT_EQ(not_known.answer.errors.size(), 2u);
  EXPECT_EQ(not_known.answer.errors[0].pointer, "/lines/2");
  EXPECT_EQ(not_known.answer.errors[1].pointer, "/lines/3");

  EXPECT_EQ(shop.stock(a).reserved, 0);
  EXPECT_FALSE(shop.find<ReservationRecord>(order));
  EXPECT_TRUE(shop.timers.empty());
  EXPECT_FALSE(shop.run(reserve_stock, shop.reserve(order, {{0, a, 1}, {4, b, 2}})).is_refused());  // looks again
}

TEST(Reservations, RefuseLinesThatNoOrderMayCarry) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 5);
  const std::vector<std::vector<StockLine>> bad = {
      {}, {{0, a, 0}}, {{0, a, -1}}, {{0, a, INT64_MAX}}, {{0, a, INT64_MIN}}, {{0, a, 1}, {1, a, 1}}};
  for (const auto& lines : bad)
    EXPECT_EQ(shop.run(reserve_stock, shop.reserve(shop.an_order(), lines)).answer.code, "validation_failed");
  EXPECT_EQ(shop.stock(a).reserved, 0);
}

TEST(Reservations, GiveARepeatTheRecordedReply) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 5);
  const auto ask = shop.reserve(shop.an_order(), {{0, a, 5}});
  const Outcome first = shop.run(reserve_stock, ask);
  PatchProduct dearer;
  dearer.id = a;
  dearer.if_match = "*";
  dearer.price = Money{5000, "EUR"};
  shop.must(patch_product, dearer, shop.by_merchant());
  EXPECT_EQ(shop.run(reserve_stock, ask).answer.body, first.answer.body);
  EXPECT_EQ(shop.writes, 0u);
  shop.must(commit_reservation, commit(ask.order_id));
  EXPECT_EQ(shop.run(reserve_stock, ask).answer.body, first.answer.body);
  EXPECT_EQ(shop.stock(a).reserved, 0);
}

TEST(Reservations, TakeThePiecesWhenCommittedOnce) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 5);
  const OrderId order = shop.an_order();
  shop.must(reserve_stock, shop.reserve(order, {{0, a, 3}}));
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(shop.run(commit_reservation, commit(order)).is_refused());
  EXPECT_EQ(shop.stock(a).on_hand, 2);
  EXPECT_EQ(shop.stock(a).reserved, 0);
  EXPECT_EQ(shop.stock(a).committed, 3);
  EXPECT_EQ(shop.run(release_reservation, release(order)).answer.code, "illegal_transition");
  EXPECT_EQ(shop.stock(a).on_hand, 2);
}

TEST(Reservations, FreeThePiecesWhenReleasedOnce) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 5);
  const auto ask = shop.reserve(shop.an_order(), {{0, a, 3}});
  shop.must(reserve_stock, ask);
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(shop.run(release_reservation, release(ask.order_id)).is_refused());
  EXPECT_EQ(shop.stock(a).available(), 5);
  EXPECT_EQ(shop.run(commit_reservation, commit(ask.order_id)).answer.code, "illegal_transition");
  EXPECT_EQ(shop.run(reserve_stock, ask).answer.code, "released");
}

TEST(Reservations, CannotBeginAfterAReleaseThatCameFirst) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 5);
  const auto ask = shop.reserve(shop.an_order(), {{0, a, 3}});
  EXPECT_FALSE(shop.run(release_reservation, release(ask.order_id)).is_refused());
  EXPECT_EQ(shop.run(reserve_stock, ask).answer.code, "released");
  EXPECT_EQ(shop.stock(a).reserved, 0);
  EXPECT_EQ(shop.run(commit_reservation, commit(shop.an_order())).answer.code, "illegal_transition");
}

// Lets time pass, sweep by sweep, until an order is so old.
void let_age(Shop& shop, OrderId order, int64_t age_ms) {
  while (shop.now < after(order.uuid.time(), age_ms)) EXPECT_FALSE(shop.fire(sweep_reservations, "").is_refused());
}

TEST(Reservations, TellTheOrderWhenOverdueUntilItDecides) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 5);
  const auto ask = shop.reserve(shop.an_order(), {{0, a, 3}});
  const std::string key = ask.order_id.uuid.bytes();
  shop.must(reserve_stock, ask);
  EXPECT_FALSE(shop.timer<ReservationDue>(key)) << "most reservations end in time";
  let_age(shop, ask.order_id, kExpectedEnd_ms);
  EXPECT_EQ(shop.timer<ReservationDue>(key)->due, after(shop.now, kOverdueGrace_ms));
  EXPECT_FALSE(shop.fire(reservation_due, key).is_refused());
  EXPECT_FALSE(shop.fire(reservation_due, key).is_refused());
  ASSERT_EQ(shop.emitted<ReservationOverdue>().size(), 2u);
  EXPECT_EQ(shop.emitted<ReservationOverdue>()[0].order_id, ask.order_id);
  EXPECT_EQ(shop.emitted<ReservationOverdue>()[0].product_slot, a.slot());
  EXPECT_EQ(shop.facts[0].slot, ask.order_id.slot());
  EXPECT_EQ(shop.timer<ReservationDue>(key)->due, after(shop.now, kOverdueRepeat_ms));
  EXPECT_EQ(shop.stock(a).reserved, 3);
  shop.must(release_reservation, release(ask.order_id));
  EXPECT_FALSE(shop.fire(reservation_due, key).is_refused());
  EXPECT_EQ(shop.facts.size(), 2u);
}

TEST(Reservations, AreNotOverdueBeforeTheirTime) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 5);
  auto ask = shop.reserve(shop.an_order(), {{0, a, 3}});
  ask.expires_at = after(shop.now, 2 * kExpectedEnd_ms);
  shop.must(reserve_stock, ask);
  let_age(shop, ask.order_id, kExpectedEnd_ms);
  const auto timer = shop.timer<ReservationDue>(ask.order_id.uuid.bytes());
  EXPECT_EQ(timer->due, after(ask.expires_at, kOverdueGrace_ms));
}

TEST(Reservations, HaveATimerOfTheirOwnWhenTheSweepMayBePast) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 5);
  const auto late = shop.reserve(shop.an_order(), {{0, a, 1}});
  shop.now = after(shop.now, kOldestReserve_ms - 1);
  shop.must(reserve_stock, late);
  EXPECT_EQ(shop.timer<ReservationDue>(late.order_id.uuid.bytes())->due, after(shop.now, kOverdueGrace_ms));
}

TEST(Reservations, AreAllSweptThoughThereAreMany) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 10'000);
  std::vector<OrderId> orders;
  for (size_t i = 0; i < 2 * kSweepAtMost + 1; ++i) {
    orders.push_back(shop.an_order());
    shop.must(reserve_stock, shop.reserve(orders.back(), {{0, a, 1}}));
    if (i % 2 == 0) shop.must(commit_reservation, commit(orders.back()));
  }
  let_age(shop, orders.back(), kExpectedEnd_ms + 2 * kSweepEvery_ms);
  EXPECT_EQ(shop.timers.size(), kSweepAtMost + 1) << "one each for those still held, and the sweep's";
  let_age(shop, orders.back(), kForgotten_ms + 2 * kSweepEvery_ms);
  EXPECT_EQ(shop.all<ReservationRecord>().size(), kSweepAtMost) << "all that is held, and nothing else";
}

TEST(Reservations, AreForgottenByTheirOwnTimerWhenTheyWereHeldForLong) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 5);
  const auto ask = shop.reserve(shop.an_order(), {{0, a, 3}});
  shop.must(reserve_stock, ask);
  let_age(shop, ask.order_id, kForgotten_ms + kSweepEvery_ms);
  shop.must(commit_reservation, commit(ask.order_id));
  EXPECT_FALSE(shop.fire(reservation_due, ask.order_id.uuid.bytes()).is_refused());
  EXPECT_FALSE(shop.find<ReservationRecord>(ask.order_id));
}

TEST(Reservations, AreForgottenLongAfterTheirEndAndNeverBeginAgain) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 9);
  const auto sold = shop.reserve(shop.an_order(), {{0, a, 3}}), never = shop.reserve(shop.an_order(), {{0, a, 3}});
  shop.must(reserve_stock, sold);
  shop.must(commit_reservation, commit(sold.order_id));
  shop.must(release_reservation, release(never.order_id));
  let_age(shop, never.order_id, kForgotten_ms);
  for (const auto& ask : {sold, never}) {
    EXPECT_FALSE(shop.find<ReservationRecord>(ask.order_id));
    EXPECT_EQ(shop.run(reserve_stock, ask).answer.code, "released");
  }
  EXPECT_TRUE(shop.timers.empty()) << "with nothing left there is nothing to sweep";
  EXPECT_FALSE(shop.find<SweepRecord>(std::tuple<>()));
  EXPECT_EQ(shop.stock(a).on_hand, 6);
}

TEST(Reservations, BringPiecesBackOnceForEachOrderAndProduct) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 5), b = shop.with_stock("b", 5);
  const OrderId order = shop.an_order();
  shop.must(reserve_stock, shop.reserve(order, {{0, a, 3}, {1, b, 2}}));
  shop.must(commit_reservation, commit(order));
  const ReturnStock one{order, {{0, a, 1}}}, all{order, {{0, a, 3}, {1, b, 2}}};
  for (const ReturnStock& r : {one, one, all, all, one}) EXPECT_FALSE(shop.run(return_stock, r).is_refused());
  EXPECT_EQ(shop.stock(a).on_hand, 5);
  EXPECT_EQ(shop.stock(a).returned, 3);
  EXPECT_EQ(shop.stock(b).on_hand, 5);
  const Outcome more = shop.run(return_stock, ReturnStock{order, {{0, a, 4}}});
  EXPECT_EQ(more.answer.code, "validation_failed");
  EXPECT_EQ(more.answer.errors[0].pointer, "/lines/0/quantity");
}

TEST(Reservations, BringPiecesBackEvenBeforeTheCommitAndLongAfterIt) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 5);
  const OrderId early = shop.an_order(), late = shop.an_order();
  shop.must(reserve_stock, shop.reserve(early, {{0, a, 2}}));
  EXPECT_FALSE(shop.run(return_stock, ReturnStock{early, {{0, a, 2}}}).is_refused());
  EXPECT_EQ(shop.state_of(early), ReservationState::kCommitted);
  EXPECT_FALSE(shop.run(commit_reservation, commit(early)).is_refused());
  EXPECT_EQ(shop.stock(a).available(), 5);

  shop.must(reserve_stock, shop.reserve(late, {{0, a, 2}}));
  shop.must(commit_reservation, commit(late));
  let_age(shop, late, kForgotten_ms);
  EXPECT_FALSE(shop.run(return_stock, ReturnStock{late, {{0, a, 2}}}).is_refused());
  EXPECT_FALSE(shop.run(return_stock, ReturnStock{late, {{0, a, 2}}}).is_refused());
  EXPECT_EQ(shop.stock(a).available(), 5);
  EXPECT_EQ(shop.run(return_stock, ReturnStock{shop.an_order(), {{0, a, 1}}}).answer.code, "validation_failed");
}

TEST(Reservations, BringNothingBackThatWasNeverSold) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 5), b = shop.with_stock("b", 5);
  const OrderId order = shop.an_order();
  shop.must(release_reservation, release(order));
  EXPECT_EQ(shop.run(return_stock, ReturnStock{order, {{0, a, 1}}}).answer.code, "illegal_transition");
  const OrderId other = shop.an_order();
  shop.must(reserve_stock, shop.reserve(other, {{0, a, 2}}));
  EXPECT_EQ(shop.run(return_stock, ReturnStock{other, {{1, b, 1}}}).answer.code, "validation_failed");
  EXPECT_EQ(shop.state_of(other), ReservationState::kHeld);
  const ProductId unknown = ProductId::mint(shop.now, 5, shop.random);
  EXPECT_EQ(shop.run(return_stock, ReturnStock{other, {{1, unknown, 1}}}).answer.code, "unknown_product");
}

TEST(Reservations, AreMovedByServicesOnly) {
  Shop shop;
  const ProductId a = shop.with_stock("a", 5);
  const OrderId order = shop.an_order();
  for (const Call& call : {shop.by_admin(), shop.by_merchant(), shop.by_customer(), call_by(UserRole::kAnonymous)}) {
    EXPECT_EQ(shop.run(reserve_stock, shop.reserve(order, {{0, a, 1}}), call).answer.code, "forbidden");
    EXPECT_EQ(shop.run(commit_reservation, commit(order), call).answer.code, "forbidden");
    EXPECT_EQ(shop.run(release_reservation, release(order), call).answer.code, "forbidden");
    EXPECT_EQ(shop.run(return_stock, ReturnStock{order, {{0, a, 1}}}, call).answer.code, "forbidden");
    EXPECT_EQ(shop.run(reservation_due, ReservationDue{order}, call).answer.code, "forbidden");
    EXPECT_EQ(shop.run(sweep_reservations, SweepReservations{}, call).answer.code, "forbidden");
  }
}

}  // namespace
}  // namespace stoa::product
