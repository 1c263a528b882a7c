// Scenario: customers, carriers and admins act while messages are lost, doubled, delayed and reordered and shards
// forget; in the end every order is decided, and stock, money and shipments agree with what became of it.
#include <gmock/gmock.h>

#include "actors/order/records.hpp"
#include "actors/payment/records.hpp"
#include "actors/product/records.hpp"
#include "actors/service_number.hpp"
#include "actors/shipping/records.hpp"
#include "tests/actors/order/world.hpp"
#include "tests/actors/rules_fixture.hpp"

namespace stoa::order {
namespace {

namespace number = service_number;

class Market {
 public:
  explicit Market(uint64_t seed) : world(seed) {
    for (int i = 0; i < 6; ++i) add_product(i, i == 5 ? "USD" : "EUR");
    for (int i = 0; i < 3; ++i) customers_.push_back(UserId::mint(world.now, 1, world.dice));
  }

  // Someone does something.
  void act() {
    switch (world.dice.below(9)) {
      case 0:
      case 1:
      case 2:
        return place();
      case 3:
        return any([&](OrderId id, UserId customer) { say(number::order, id, CancelOrder{id}, by(customer)); });
      case 4:
        return any([&](OrderId id, UserId customer) {
          say(number::payment, id, ConfirmPayment{payment_of(id)}, by(customer));
        });
      case 5:
      case 8:
        return any([&](OrderId id, UserId) { track(id); });
      case 6:
        return world.dice.below(4) == 0 ? any([&](OrderId id, UserId) { admin_of_payments(id); }) : place();
      default:
        return any([&](OrderId id, UserId customer) { say(number::order, id, wanted_again(id), by(customer)); });
    }
  }

  World world;
  std::map<OrderId, PlaceOrder> placed;

 private:
  static Call by(UserId customer) { return call_by(UserRole::kCustomer, customer); }

  void add_product(int i, const char* currency) {
    const UserId merchant = UserId::mint(world.now, 2, world.dice);
    CreateProduct c;
    c.sku = "p" + std::to_string(i);
    c.id = ProductId::mint(world.now, slot_of_sku(merchant, c.sku), world.dice);
    c.merchant_id = merchant;
    c.name = c.sku;
    c.price = {100 * (i + 1), currency};
    c.stock = static_cast<int64_t>(5 + world.dice.below(20));
    (void)world.command(number::product, c.id.slot(), c, call_by(UserRole::kMerchant, merchant));
    products_.push_back(c.id);
  }

  template <class C>
  void say(uint16_t service, OrderId id, const C& c, const Call& call) {
    (void)world.command(service, id.slot(), c, call);
  }

  template <class F>
  void any(F&& f) {
    if (placed.empty()) return;
    auto chosen = placed.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(world.dice.below(placed.size())));
    f(chosen->first, chosen->second.customer_id);
  }

  PlaceOrder wanted_again(OrderId id) const { return placed.at(id); }

  void place() {
    static const char* const kMethods[] = {"tok_visa", "tok_visa", "tok_visa", "tok_declined", "tok_3ds"};
    PlaceOrder c;
    c.customer_id = customers_[world.dice.below(customers_.size())];
    c.id = OrderId::mint(world.now, slot_of_customer(c.customer_id), world.dice);
    const uint64_t first = world.dice.below(products_.size());
    const uint64_t lines = 1 + world.dice.below(3);
    for (uint64_t i = 0; i < lines; ++i) {
      c.lines.push_back({products_[(first + i) % products_.size()], static_cast<int64_t>(1 + world.dice.below(4))});
    }
    if (world.dice.below(12) == 0) c.lines.push_back({ProductId::mint(world.now, 9, world.dice), 1});
    c.payment.method = kMethods[world.dice.below(5)];
    placed.emplace(c.id, c);
    say(number::order, c.id, c, by(c.customer_id));
  }

  void track(OrderId id) {
    static const ShipmentStatus kReports[] = {ShipmentStatus::kInTransit, ShipmentStatus::kInTransit,
                                              ShipmentStatus::kDelivered, ShipmentStatus::kFailedAttempt,
                                              ShipmentStatus::kCancelled};
    const auto report = [&](ShipmentStatus status) {
      say(number::shipping, id, AddTracking{shipment_of(id), status, "Ulm", world.now}, call_by(UserRole::kCarrier));
    };
    const ShipmentStatus first = kReports[world.dice.below(5)];
    report(first);
    if (first == ShipmentStatus::kInTransit && world.dice.below(2) == 0) report(ShipmentStatus::kDelivered);
  }

  void admin_of_payments(OrderId id) {
    const Call call = call_by(UserRole::kAdmin);
    switch (world.dice.below(3)) {
      case 0:
        return say(number::payment, id, VoidPayment{payment_of(id), {}}, call);
      case 1:
        return say(number::payment, id, CapturePayment{payment_of(id), {}}, call);
      default:
        return say(number::payment, id, RefundPayment{payment_of(id), {}}, call);
    }
  }

  std::vector<ProductId> products_;
  std::vector<UserId> customers_;
};

// What the order says against what its participants and the provider hold. Empty: they agree.
std::string disagreement(Market& market, const OrderRecord& r) {
  World& w = market.world;
  const OrderStatus status = r.order.status;
  const auto payment = w.reader(w.at(number::payment, r.id.slot())).find<PaymentRecord>(r.id.uuid);
  const auto shipment = w.reader(w.at(number::shipping, r.id.slot())).find<ShipmentRecord>(r.id.uuid);
  const Payment paid = payment ? payment->payment : Payment{};
  if (w.provider.held(r.id.uuid) != (paid.status == PaymentStatus::kAuthorized ? paid.amount.amount : 0))
    return "the provider holds other money than the payment says";
  if (w.provider.taken(r.id.uuid) != paid.captured.amount - paid.refunded.amount)
    return "the provider took other money than the payment says";
  if (status == OrderStatus::kPending) return "is not decided";
  if (w.answers.count(r.id.uuid) == 0) return "whoever waited for it was never answered";
  const bool gone = status == OrderStatus::kRejected || status == OrderStatus::kCancelled;
  if (gone && (w.provider.held(r.id.uuid) != 0 || w.provider.taken(r.id.uuid) != 0)) return "money is kept of it";
  if (gone && shipment && shipment->known && shipment->shipment.status == ShipmentStatus::kBooked)
    return "a shipment is booked for it";
  if (status == OrderStatus::kConfirmed) {
    if (paid.status != PaymentStatus::kAuthorized && paid.status != PaymentStatus::kCaptured)
      return "is confirmed without a live payment";
    if (!shipment || !shipment->known || shipment->shipment.status != ShipmentStatus::kBooked)
      return "is confirmed without a shipment";
  }
  const bool moving = status == OrderStatus::kShipped || status == OrderStatus::kDelivered;
  if (moving && paid.status == PaymentStatus::kAuthorized) return "is shipped and was never captured";
  return {};
}

// I1 against the orders: nothing reserved, and sold is what stands in the orders that stand.
void expect_stock_agrees(Market& market, uint64_t seed) {
  std::map<ProductId, int64_t> sold;
  for (World::Shard* shard : market.world.shards_of(number::order)) {
    market.world.reader(*shard).scan<OrderRecord>(std::tuple<>(), false, [&](const OrderRecord& r) {
      const OrderStatus s = r.order.status;
      const bool stands = s == OrderStatus::kConfirmed || s == OrderStatus::kShipped || s == OrderStatus::kDelivered;
      for (const ReservedLine& line : r.held) sold[line.product_id] += stands && !r.barred ? line.quantity : 0;
      return true;
    });
  }
  for (World::Shard* shard : market.world.shards_of(number::product)) {
    market.world.reader(*shard).scan<StockRecord>(std::tuple<>(), false, [&](const StockRecord& s) {
      EXPECT_EQ(s.reserved, 0) << "seed " << seed;
      EXPECT_EQ(s.committed - s.returned, sold[s.product_id]) << "seed " << seed;
      return true;
    });
  }
}

constexpr uint64_t kSeeds = 200;

TEST(OrdersProperty, AgreeWithStockMoneyAndShipmentsHoweverMessagesTravel) {
  std::map<OrderStatus, int> reached;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Market market(seed);
    for (int i = 0; i < 1200; ++i) {
      if (i < 900 && market.world.dice.below(30) == 0)
        market.act();
      else
        market.world.step();
      if (i % 50 == 0) {
        ASSERT_THAT(market.world.violations(), testing::IsEmpty()) << "seed " << seed << ", step " << i;
      }
    }
    market.world.settle();
    ASSERT_THAT(market.world.violations(), testing::IsEmpty()) << "seed " << seed;
    for (World::Shard* shard : market.world.shards_of(number::order)) {
      market.world.reader(*shard).scan<OrderRecord>(std::tuple<>(), false, [&](const OrderRecord& r) {
        if (r.barred) return true;
        ++reached[r.order.status];
        EXPECT_EQ(disagreement(market, r), "") << "seed " << seed << ", " << to_json(r.order);
        return true;
      });
    }
    expect_stock_agrees(market, seed);
    if (testing::Test::HasFailure()) return;
  }
  for (const auto& name : kOrderStatusNames) {
    const bool leads_there = name.value != OrderStatus::kPending && name.value != OrderStatus::kReturned;
    EXPECT_EQ(reached[name.value] > 20, leads_there) << name.name << ": " << reached[name.value];
  }
}

}  // namespace
}  // namespace stoa::order
