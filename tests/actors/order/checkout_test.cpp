// Scenario: a checkout over the real services, from the order to what it leaves in stock, money and shipments; and the
// power cut at every write and every sync of it.
#include <gtest/gtest.h>

#include "actors/order/types.hpp"
#include "actors/payment/types.hpp"
#include "actors/product/types.hpp"
#include "actors/service_number.hpp"
#include "tests/actors/order/checkout_node.hpp"

namespace stoa {
namespace {

using Said = CheckoutNode::Said;

constexpr int64_t kStock = 10;

bool says(const Answer& answer, const std::string& part) { return answer.body.find(part) != std::string::npos; }

// A merchant's three products, each on another shard, and one customer; the same for every run.
struct Shop {
  UserId merchant, customer;
  std::vector<ProductId> products;
  uint64_t calls = 0;

  explicit Shop(CheckoutNode& node) {
    SeededRandom random(7);
    merchant = UserId::mint(node.now(), 0, random);
    customer = UserId::mint(node.now(), 0, random);
    for (int i = 0; products.size() < 3; ++i) {
      CreateProduct c;
      c.sku = "sku-" + std::to_string(i);
      const Slot slot = slot_of_sku(merchant, c.sku);
      if (slot % CheckoutNode::kShards != products.size()) continue;
      c.id = ProductId::mint(node.now(), slot, random);
      c.merchant_id = merchant;
      c.name = "A thing";
      c.price = {1000, "EUR"};
      c.stock = kStock;
      products.push_back(c.id);
      const Said said =
          node.call(service_number::product, slot, c, by({merchant, UserRole::kMerchant}, node, "c" + c.sku));
      EXPECT_EQ(static_cast<Done>(said.answer->done), Done::kCreated);
    }
    node.run_until_quiet();
  }

  Call by(Caller caller, CheckoutNode& node, const std::string& key) {
    Call call;
    call.caller = caller;
    call.request = RequestId::mint(node.now(), 0, node.random());
    call.idempotency_scope = key;
    call.body_hash = "body of " + key;
    return call;
  }
  Caller buyer() const { return {customer, UserRole::kCustomer}; }

  PlaceOrder order(CheckoutNode& node, const std::string& method, int64_t quantity = 2) {
    PlaceOrder c;
    c.id = OrderId::mint(node.now(), slot_of_customer(customer), node.random());
    c.customer_id = customer;
    for (const ProductId& product : products) c.lines.push_back({product, quantity});
    c.shipping_address = {"A", "B 1", {}, "C", {}, "1000", "DE"};
    c.payment.method = method;
    return c;
  }
  Said place(CheckoutNode& node, const std::string& method, const std::string& key, int64_t quantity = 2) {
    return node.call(service_number::order, slot_of_customer(customer), order(node, method, quantity),
                     by(buyer(), node, key));
  }
  // As a client does that was told to come again, or lost its connection.
  Said place_until_answered(CheckoutNode& node, const std::string& method, const std::string& key) {
    Said said;
    do {
      said = place(node, method, key);
    } while (said.answer && (said.answer->code == "idempotency_in_flight" || said.answer->code == "unavailable"));
    return said;
  }
  Said cancel(CheckoutNode& node, OrderId order, const std::string& key) {
    return node.call(service_number::order, order.slot(), CancelOrder{order}, by(buyer(), node, key));
  }
  Answer shown(CheckoutNode& node, OrderId order) {
    Call call;
    call.caller = buyer();
    return *node.call(service_number::order, order.slot(), GetOrder{order}, call).answer;
  }
  size_t orders_with(CheckoutNode& node, const std::string& part) {
    Call call;
    call.caller = buyer();
    ListOrders list;
    list.customer_id = customer;
    list.page.limit = 100;
    const Answer answer = *node.call(service_number::order, slot_of_customer(customer), list, call).answer;
    const std::string text = answer.body;
    size_t count = 0;
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
  }
  void expect_stock(CheckoutNode& node, int64_t on_hand) {
    for (const ProductId& product : products) {
      Call call;
      call.caller = {merchant, UserRole::kMerchant};
      const Answer stock = *node.call(service_number::product, product.slot(), GetStock{product}, call).answer;
      EXPECT_TRUE(says(stock, R"("on_hand":)" + std::to_string(on_hand) + ",")) << stock.body;
      EXPECT_TRUE(says(stock, R"("reserved":0)")) << stock.body;
    }
  }
  void expect_sound(CheckoutNode& node, int64_t on_hand) {
    ASSERT_TRUE(node.run_until_quiet());
    EXPECT_EQ(node.violations(), std::vector<std::string>{});
    expect_stock(node, on_hand);
  }
};

OrderId placed(const Said& said) { return *OrderId::parse(said.answer->location_id); }

TEST(Checkout, ConfirmsWhatIsHeldPaidAndBooked) {
  CheckoutDisk disk;
  CheckoutNode node(disk);
  Shop shop(node);
  const Said said = shop.place(node, "tok_visa", "k");
  EXPECT_EQ(static_cast<Done>(said.answer->done), Done::kCreated);
  EXPECT_TRUE(says(*said.answer, R"("status":"confirmed")")) << said.answer->body;
  EXPECT_TRUE(says(shop.shown(node, placed(said)), R"("status":"confirmed")"));
  shop.expect_sound(node, kStock - 2);
}

class CheckoutBudget : public testing::TestWithParam<bool> {};

TEST_P(CheckoutBudget, IsKept) {
  CheckoutDisk disk;
  CheckoutNode node(disk, 1, GetParam());
  Shop shop(node);
  const uint64_t entries = node.entries(), messages = node.messages(), writes = disk.journal.operations();
  const Said said = shop.place(node, "tok_visa", "k");
  EXPECT_LE(said.entries - entries, 7u);
  // The order, three reservations, payment and booking, each with its reply. The last reply is not counted yet here.
  EXPECT_LE(said.messages - messages + 1, 12u);
  // A write and a sync each for the order with what is held, and for payment, booking and decision; otherwise these
  // three follow one another.
  EXPECT_LE(said.writes - writes, GetParam() ? 4u : 8u);
}
INSTANTIATE_TEST_SUITE_P(EarlyOrNot, CheckoutBudget, testing::Bool());

TEST(Checkout, RefusesWhatIsNotThere) {
  CheckoutDisk disk;
  CheckoutNode node(disk);
  Shop shop(node);
  EXPECT_EQ(shop.place(node, "tok_visa", "k", kStock + 1).answer->code, "out_of_stock");
  EXPECT_EQ(shop.place(node, "tok_declined", "l").answer->code, "payment_declined");
  Shop other = shop;
  other.products[1] = ProductId::mint(node.now(), 1, node.random());
  EXPECT_EQ(other.place(node, "tok_visa", "m").answer->code, "unknown_product");
  shop.expect_sound(node, kStock);
}

TEST(Checkout, AcceptsAnOrderThatMustBeConfirmedAndGivesItUpInTime) {
  CheckoutDisk disk;
  CheckoutNode node(disk);
  Shop shop(node);
  const Said said = shop.place(node, "tok_3ds", "k");
  EXPECT_EQ(static_cast<Done>(said.answer->done), Done::kAccepted);
  const Time over = after(node.now(), 17 * 60'000);
  node.run_until([&] { return node.now() >= over; });
  EXPECT_TRUE(says(shop.shown(node, placed(said)), R"("status":"rejected")"));
  shop.expect_sound(node, kStock);
}

TEST(Checkout, ConfirmsAnOrderWhosePaymentWasConfirmed) {
  CheckoutDisk disk;
  CheckoutNode node(disk);
  Shop shop(node);
  const OrderId order = placed(shop.place(node, "tok_3ds", "k"));
  const PaymentId payment = payment_of(order);
  const Said said = node.call(service_number::payment, payment.slot(), ConfirmPayment{payment},
                              shop.by(shop.buyer(), node, "confirm"));
  EXPECT_FALSE(said.answer->refused()) << said.answer->detail;
  node.run_until_quiet();
  EXPECT_TRUE(says(shop.shown(node, order), R"("status":"confirmed")"));
  shop.expect_sound(node, kStock - 2);
}

TEST(Checkout, AnswersOnceThoughTheProviderIsSlowOrFlaky) {
  CheckoutDisk disk;
  CheckoutNode node(disk);
  Shop shop(node);
  for (const char* method : {"tok_timeout", "tok_flaky", "tok_flaky"}) {
    const std::string key = method + std::to_string(shop.calls++);
    EXPECT_EQ(static_cast<Done>(shop.place(node, method, key).answer->done), Done::kCreated) << method;
  }
  shop.expect_sound(node, kStock - 6);
}

TEST(Checkout, BringsEverythingBackWhenAConfirmedOrderIsCancelled) {
  CheckoutDisk disk;
  CheckoutNode node(disk);
  Shop shop(node);
  const OrderId order = placed(shop.place(node, "tok_visa", "k"));
  EXPECT_FALSE(shop.cancel(node, order, "cancel").answer->refused());
  node.run_until_quiet();
  EXPECT_TRUE(says(shop.shown(node, order), R"("status":"cancelled")"));
  shop.expect_sound(node, kStock);
}

TEST(Checkout, NeverSellsTheLastPieceTwice) {
  CheckoutDisk disk;
  CheckoutNode node(disk);
  Shop shop(node);
  std::vector<const Said*> all;
  for (int i = 0; i < 12; ++i) {
    all.push_back(&node.begin(service_number::order, slot_of_customer(shop.customer),
                              AnyCommand::of(shop.order(node, "tok_visa", 1)),
                              shop.by(shop.buyer(), node, "k" + std::to_string(i))));
  }
  size_t confirmed = 0;
  for (const Said* said : all) {
    node.run_until([&] { return said->answer.has_value(); });
    if (!said->answer->refused()) ++confirmed;
  }
  ASSERT_TRUE(node.run_until_quiet());
  EXPECT_LE(confirmed, static_cast<size_t>(kStock));
  EXPECT_EQ(shop.orders_with(node, R"("status":"confirmed")"), confirmed);
  shop.expect_sound(node, kStock - static_cast<int64_t>(confirmed));
}

// ---- The power cut. A story is told on a node until its power goes, and told again, from the start and with the same
// keys, on what the crash left.

struct Story {
  const char* method;
  bool cancels;
  const char* ends;  // "" = the order is refused and never shown as confirmed
  int64_t on_hand;
  bool early;  // services build upon what is not stored yet
};

std::vector<std::string> tell(const Story& story, Shop& shop, CheckoutNode& node, std::vector<bool>* replayed) {
  std::vector<std::string> answers;
  const auto note = [&](const Said& said) {
    if (!said.answer) return false;
    answers.push_back(encode(*said.answer));
    if (replayed) replayed->push_back(said.replayed);
    return true;
  };
  const Said said = shop.place_until_answered(node, story.method, "place");
  if (!note(said)) return answers;
  if (story.cancels && !note(shop.cancel(node, placed(said), "cancel"))) return answers;
  node.run_until_quiet();
  return answers;
}

// Where the power goes: at an operation, counted from the story's start, of the journal or of a service's database.
struct Cut {
  uint16_t database = 0;  // 0: the journal
  uint64_t at = 0;
};

uint64_t operations(CheckoutDisk& disk, uint16_t database) {
  return database == 0 ? disk.journal.operations() : disk.databases[database].operations();
}

void cut_power(CheckoutDisk& disk, const Cut& cut) {
  const uint64_t at = operations(disk, cut.database) + cut.at;
  cut.database == 0 ? disk.journal.cut_power_at(at) : disk.databases[cut.database].cut_power_at(at);
}

void survive(const Story& story, const Cut& cut) {
  SCOPED_TRACE(std::string(story.method) + (story.cancels ? ", cancelled" : "") + ": database " +
               std::to_string(cut.database) + (story.early ? ", early" : "") + ", operation " + std::to_string(cut.at));
  CheckoutDisk disk;
  SeededRandom random(cut.at * 64 + cut.database);
  std::vector<std::string> before;
  std::optional<Shop> shop;
  {
    CheckoutNode node(disk, 1, story.early);
    shop.emplace(node);
    cut_power(disk, cut);
    before = tell(story, *shop, node, nullptr);
    EXPECT_FALSE(node.alive()) << "the power goes within the story";
  }
  disk.crash(random);
  CheckoutNode node(disk, 2, story.early);
  std::vector<bool> replayed;
  const std::vector<std::string> again = tell(story, *shop, node, &replayed);
  ASSERT_GE(again.size(), before.size());
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(again[i], before[i]);
    EXPECT_TRUE(replayed[i]);
  }
  shop->expect_sound(node, story.on_hand);
  EXPECT_EQ(shop->orders_with(node, std::string(R"("status":")") + story.ends + "\""), 1u);
  EXPECT_EQ(shop->orders_with(node, R"("id":"ord_)"), 1u);
}

class CheckoutPower : public testing::TestWithParam<Story> {};

TEST_P(CheckoutPower, MayGoAtEveryWriteAndSync) {
  const Story& story = GetParam();
  std::map<uint16_t, uint64_t> counts{{0, 0}};
  {
    CheckoutDisk disk;
    CheckoutNode node(disk, 1, story.early);
    Shop shop(node);
    for (auto& [service, database] : disk.databases) counts[service] = database.operations();
    counts[0] = disk.journal.operations();
    tell(story, shop, node, nullptr);
    for (auto& [service, count] : counts) count = operations(disk, service) - count;
  }
  EXPECT_GE(counts[0], story.early ? 6u : 10u);
  for (const auto& [service, count] : counts) {
    for (uint64_t at = 0; at < count; ++at) {
      survive(story, {service, at});
      if (HasFatalFailure() || HasNonfatalFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Stories, CheckoutPower,
                         testing::Values(Story{"tok_visa", false, "confirmed", kStock - 2, false},
                                         Story{"tok_declined", false, "rejected", kStock, false},
                                         Story{"tok_visa", true, "cancelled", kStock, false},
                                         Story{"tok_visa", false, "confirmed", kStock - 2, true},
                                         Story{"tok_declined", false, "rejected", kStock, true},
                                         Story{"tok_visa", true, "cancelled", kStock, true}),
                         [](const auto& told) {
                           const Story& story = told.param;
                           const char* const end = story.cancels             ? "Cancelled"
                                                   : story.on_hand == kStock ? "Declined"
                                                                             : "Confirmed";
                           return std::string(story.early ? "Early" : "") + end;
                         });

}  // namespace
}  // namespace stoa
