// Scenario: whatever orders and merchants do to a shard's stock, in whatever order it comes, I1 holds after each step.
#include <gtest/gtest.h>

#include "actors/product/invariants.hpp"
#include "tests/actors/product/shop.hpp"

namespace stoa::product {
namespace {

class Chaos {
 public:
  explicit Chaos(uint64_t seed) : shop_(0, seed), dice_(seed) {
    for (int i = 0; i < 4; ++i)
      products_.push_back(shop_.with_stock("p" + std::to_string(i), static_cast<int64_t>(dice_.below(20))));
    for (int i = 0; i < 12; ++i) orders_.push_back(shop_.an_order());
  }

  void step() {
    shop_.now = after(shop_.now, static_cast<int64_t>(dice_.below(120'000)));
    if (dice_.below(20) == 0) pick(orders_) = shop_.an_order();
    const OrderId order = pick(orders_);
    touched_ = order.uuid;
    switch (dice_.below(7)) {
      case 0:
      case 1:
        return ignore(shop_.run(reserve_stock, shop_.reserve(order, some_lines())));
      case 2:
        return ignore(shop_.run(commit_reservation, CommitReservation{order}));
      case 3:
        return ignore(shop_.run(release_reservation, ReleaseReservation{order}));
      case 4:
        // Once it is forgotten only the order knows what it bought, and no order asks for more.
        if (!shop_.find<ReservationRecord>(order)) return;
        return ignore(shop_.run(return_stock, ReturnStock{order, some_lines()}));
      case 5: {
        const auto delta = static_cast<int64_t>(dice_.below(41)) - 20;
        return ignore(shop_.run(adjust_stock, AdjustStock{pick(products_), delta, "r"}, shop_.by_merchant()));
      }
      default:
        return fire_one();
    }
  }

  std::vector<std::string> violations() const {
    std::vector<std::string> found;
    check_stock(shop_.reader(), Uuid{}, found);
    return found;
  }
  // As the checker of a node does: from where all was settled before, or from the order that was touched since.
  std::vector<std::string> violations_of_late() {
    std::vector<std::string> found;
    from_ = check_stock(shop_.reader(), std::min(from_, touched_), found);
    touched_ = kSettled;
    return found;
  }

  // Whatever is still held is released, all timers run out.
  void settle() {
    for (const auto& r : shop_.all<ReservationRecord>()) {
      if (r.state == ReservationState::kHeld) shop_.must(release_reservation, ReleaseReservation{r.order_id});
    }
    while (!shop_.timers.empty()) fire_one();
  }
  int64_t reserved() const {
    int64_t sum = 0;
    for (const auto& s : shop_.all<StockRecord>()) sum += s.reserved;
    return sum;
  }
  size_t remembered() const { return shop_.all<ReservationRecord>().size(); }

 private:
  static void ignore(const Outcome&) {}
  template <class T>
  T& pick(std::vector<T>& from) {
    return from[dice_.below(from.size())];
  }
  std::vector<StockLine> some_lines() {
    std::vector<StockLine> lines;
    const uint64_t count = 1 + dice_.below(3);
    for (uint64_t i = 0; i < count; ++i)
      lines.push_back({static_cast<int64_t>(i), products_[(dice_.below(2) + i) % products_.size()],
                       static_cast<int64_t>(1 + dice_.below(6))});
    return lines;
  }
  void fire_one() {
    if (shop_.timers.empty()) return;
    const auto& [command, key] = shop_.timers.begin()->first;
    const std::string of = key;  // the timer goes when it fires
    ignore(command == ReservationDue::kName ? shop_.fire(reservation_due, of) : shop_.fire(sweep_reservations, of));
  }

  Shop shop_;
  SeededRandom dice_;
  std::vector<ProductId> products_;
  std::vector<OrderId> orders_;
  Uuid from_, touched_;
};

TEST(StockProperty, HoldsInAnyOrderOfEvents) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Chaos chaos(seed);
    for (int i = 0; i < 150; ++i) {
      chaos.step();
      ASSERT_EQ(chaos.violations(), std::vector<std::string>()) << "seed " << seed << ", step " << i;
      ASSERT_EQ(chaos.violations_of_late(), std::vector<std::string>()) << "seed " << seed << ", step " << i;
    }
    chaos.settle();
    EXPECT_EQ(chaos.reserved(), 0) << "seed " << seed;
    EXPECT_EQ(chaos.remembered(), 0u) << "seed " << seed;
  }
}

TEST(StockProperty, IsSeenBrokenWhenItIs) {
  Shop shop;
  const ProductId id = shop.with_stock("a", 5);
  Transaction tx(shop.state, 0, shop.now, shop.random);
  StockRecord stock = shop.stock(id);
  stock.on_hand = 4;
  stock.reserved = 1;
  tx.put(stock);
  shop.state.apply(tx.writes());
  std::vector<std::string> found;
  check_stock(shop.reader(), Uuid{}, found);
  EXPECT_EQ(found.size(), 2u);
}

}  // namespace
}  // namespace stoa::product
