#include "actors/order/saga.hpp"

#include <algorithm>
#include <gmock/gmock.h>

#include "tests/actors/order/desk.hpp"

namespace stoa::order {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

enum class Stock { kSilent, kHeld, kShort, kUnknown };
enum class Pay { kSilent, kAuthorized, kDeclined, kRequiresAction, kCancelled };
enum class Ship { kSilent, kBooked, kCancelled };

// An order of two products on two shards, and what each participant may say.
struct Saga : Desk {
  ShardCounts counts{};
  SagaRow row;

  Saga() {
    counts[service_number::product] = 8;  // slots 10 and 11: shards 2 and 3
    row.id = order.uuid;
    row.kind = "place";
    row.payload = encode(wanted());
    row.begun = now;
  }

  void stock(SagaReplies& replies, size_t line, Stock said) const {
    const std::string key = line == 0 ? "reserve/2" : "reserve/3";
    const FieldError at{"/lines/" + std::to_string(line), "x", ""};
    if (said == Stock::kHeld) replies[key] = reply(StockReserved{{reserved()[line]}}).answer;
    if (said == Stock::kShort) replies[key] = refuse(kOutOfStock, "short", {at}).answer;
    if (said == Stock::kUnknown) replies[key] = refuse(kUnknownProduct, "unknown", {at}).answer;
  }
  static void pay(SagaReplies& replies, Pay said) {
    if (said == Pay::kAuthorized) replies["pay"] = reply(PaymentDecided{PaymentStatus::kAuthorized}).answer;
    if (said == Pay::kDeclined) replies["pay"] = reply(PaymentDecided{PaymentStatus::kDeclined}).answer;
    if (said == Pay::kRequiresAction) replies["pay"] = reply(PaymentDecided{PaymentStatus::kRequiresAction}).answer;
    if (said == Pay::kCancelled) replies["pay"] = refuse(kPaymentCancelled, "").answer;
  }
  void ship(SagaReplies& replies, Ship said) const {
    if (said == Ship::kBooked) replies["ship"] = reply(ShipmentBooked{shipment_of(order)}).answer;
    if (said == Ship::kCancelled) replies["ship"] = refuse(kShipmentCancelled, "").answer;
  }
  SagaReplies all_well() const {
    SagaReplies replies;
    stock(replies, 0, Stock::kHeld);
    stock(replies, 1, Stock::kHeld);
    pay(replies, Pay::kAuthorized);
    ship(replies, Ship::kBooked);
    return replies;
  }

  // The step in a few words: what is asked, or how it is decided.
  std::string next(const SagaReplies& replies) const {
    const SagaStep step = next_step(row, replies, counts);
    std::string words;
    for (const SagaAsk& ask : step.asks) (words += ask.key) += ' ';
    if (!step.decision) return words;
    if (step.decision->name() == AwaitPayment::kName) return words + "await";
    const auto d = std::any_cast<DecideOrder>(step.decision->value());
    return words + (d.confirm ? "confirm" : d.code);
  }
};

// What must follow, said in another way than the plan says it.
std::string expected(Stock a, Stock b, Pay pay, Ship ship) {
  if (a == Stock::kSilent || b == Stock::kSilent) return "reserve/2 reserve/3 ";
  if (a == Stock::kUnknown || b == Stock::kUnknown) return "unknown_product";
  if (a == Stock::kShort || b == Stock::kShort) return "out_of_stock";
  if (pay == Pay::kSilent || ship == Ship::kSilent) return "pay ship ";
  if (pay == Pay::kCancelled) return "payment_cancelled";
  if (ship == Ship::kCancelled) return "shipment_cancelled";
  if (pay == Pay::kDeclined) return "payment_declined";
  return pay == Pay::kRequiresAction ? "await" : "confirm";
}

TEST(PlacingPlan, FollowsFromTheRepliesWhateverTheyAre) {
  const Saga saga;
  for (const Stock a : {Stock::kSilent, Stock::kHeld, Stock::kShort, Stock::kUnknown}) {
    for (const Stock b : {Stock::kSilent, Stock::kHeld, Stock::kShort, Stock::kUnknown}) {
      for (const Pay p : {Pay::kSilent, Pay::kAuthorized, Pay::kDeclined, Pay::kRequiresAction, Pay::kCancelled}) {
        for (const Ship s : {Ship::kSilent, Ship::kBooked, Ship::kCancelled}) {
          SagaReplies replies;
          saga.stock(replies, 0, a);
          saga.stock(replies, 1, b);
          Saga::pay(replies, p);
          saga.ship(replies, s);
          EXPECT_EQ(saga.next(replies), expected(a, b, p, s))
              << static_cast<int>(a) << static_cast<int>(b) << static_cast<int>(p) << static_cast<int>(s);
        }
      }
    }
  }
}

TEST(PlacingPlan, ComesToOneDecisionInWhateverOrderRepliesCome) {
  const Saga saga;
  const SagaReplies all = saga.all_well();
  const auto whole = std::any_cast<DecideOrder>(next_step(saga.row, all, saga.counts).decision->value());
  std::vector<std::string> keys;
  for (const auto& [key, answer] : all) keys.push_back(key);
  do {
    SagaReplies heard;
    for (size_t i = 0; i < keys.size(); ++i) {
      EXPECT_FALSE(next_step(saga.row, heard, saga.counts).decision) << "after " << i;
      heard.emplace(keys[i], all.at(keys[i]));
    }
    const auto d = std::any_cast<DecideOrder>(next_step(saga.row, heard, saga.counts).decision->value());
    EXPECT_EQ(encode(d), encode(whole));
  } while (std::next_permutation(keys.begin(), keys.end()));
}

TEST(PlacingPlan, AsksEachShardOnceForAllItsLines) {
  Saga saga;
  saga.counts[service_number::product] = 1;
  const SagaStep step = next_step(saga.row, {}, saga.counts);
  ASSERT_EQ(step.asks.size(), 1u);
  EXPECT_EQ(step.asks[0].key, "reserve/0");
  EXPECT_FALSE(step.asks[0].charges);
  const auto ask = std::any_cast<ReserveStock>(step.asks[0].command.value());
  ASSERT_EQ(ask.lines.size(), 2u);
  EXPECT_EQ(ask.lines[1].line, 1);
  EXPECT_GT(ask.expires_at, after(saga.now, kConfirmPaymentWithinMs)) << "never before the order's own deadline";
}

TEST(PlacingPlan, ChargesOnlyOnceTheOrderIsDurable) {
  const Saga saga;
  SagaReplies replies = saga.all_well();
  replies.erase("pay");
  replies.erase("ship");
  const SagaStep step = next_step(saga.row, replies, saga.counts);
  ASSERT_EQ(step.asks.size(), 2u);
  EXPECT_TRUE(step.asks[0].charges);
  const auto pay = std::any_cast<AuthorizePayment>(step.asks[0].command.value());
  EXPECT_EQ(pay.amount, (Money{7000, "EUR"}));
  EXPECT_EQ(pay.method, "tok_visa");
}

TEST(PlacingPlan, PointsAtEveryLineThatIsShort) {
  const Saga saga;
  SagaReplies replies;
  saga.stock(replies, 0, Stock::kShort);
  saga.stock(replies, 1, Stock::kShort);
  const auto d = std::any_cast<DecideOrder>(next_step(saga.row, replies, saga.counts).decision->value());
  std::vector<std::string> pointers;
  for (const FieldError& e : d.errors) pointers.push_back(e.pointer);
  EXPECT_THAT(pointers, ElementsAre("/lines/0", "/lines/1"));
  EXPECT_THAT(d.product_slots, ElementsAre(saga.chair.slot(), saga.table.slot()));
}

TEST(PlacingPlan, RefusesTwoCurrenciesAndTotalsBeyondTheBound) {
  const std::pair<Money, const char*> rows[] = {{{1, "USD"}, "currency_mismatch"},
                                                {{kMaxAmount, "EUR"}, "validation_failed"},
                                                {{kMaxAmount - 2000, "EUR"}, "confirm"}};
  for (const auto& [price, decision] : rows) {
    const Saga saga;
    SagaReplies replies = saga.all_well();
    ReservedLine line = saga.reserved()[1];
    line.unit_price = price;
    replies["reserve/3"] = reply(StockReserved{{line}}).answer;
    EXPECT_EQ(saga.next(replies), decision) << price.amount << price.currency;
  }
}

TEST(PlacingPlan, KeepsTheLinesInTheOrderOfTheRequest) {
  const Saga saga;
  const auto d = std::any_cast<DecideOrder>(next_step(saga.row, saga.all_well(), saga.counts).decision->value());
  ASSERT_EQ(d.lines.size(), 2u);
  EXPECT_EQ(d.lines[0].product_id, saga.chair);
  EXPECT_EQ(d.lines[1].product_id, saga.table);
  EXPECT_THAT(d.code, IsEmpty());
}

}  // namespace
}  // namespace stoa::order
