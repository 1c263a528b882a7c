// Scenario: who sees which orders, page by page.
#include <gmock/gmock.h>

#include "tests/actors/order/desk.hpp"

namespace stoa::order {
namespace {

TEST(ReadingAnOrder, IsForItsOwnerAndAdmins) {
  Desk desk;
  desk.placed();
  EXPECT_FALSE(desk.ask(get, GetOrder{desk.order}, desk.by_customer()).is_refused());
  EXPECT_FALSE(desk.ask(get, GetOrder{desk.order}, desk.by_admin()).is_refused());
  const Outcome others = desk.ask(get, GetOrder{desk.order}, desk.by_other());
  const Outcome unknown = desk.ask(get, GetOrder{OrderId::mint(desk.now, desk.slot, desk.random)}, desk.by_customer());
  EXPECT_EQ(others.answer.code, kNotFound.code);
  EXPECT_EQ(encode(others.answer), encode(unknown.answer));
}

TEST(ListingOrders, ShowsOnesOwnNewestFirstPageByPage) {
  Desk desk;
  std::vector<OrderId> newest_first;
  for (int i = 0; i < 7; ++i) {
    desk.now = after(desk.now, 1);
    desk.order = OrderId::mint(desk.now, desk.slot, desk.random);
    newest_first.insert(newest_first.begin(), desk.order);
    desk.placed();
  }
  PlaceOrder of_another = desk.wanted();
  of_another.id = OrderId::mint(desk.now, desk.slot, desk.random);
  of_another.customer_id = desk.merchant;
  (void)desk.run(place, of_another, desk.by_other());

  std::vector<std::string> seen;
  ListOrders query{desk.customer, {3, {}, {}}};
  for (int pages = 0; pages < 5; ++pages) {
    const auto page = decode_stored<Page>(desk.ask(list, query, desk.by_customer()).answer.body);
    for (const PageItem& item : page.items) seen.push_back(item.body.substr(7, 36));
    if (page.items.empty()) break;
    query.page.after_sort = page.items.back().sort;
    query.page.after_id = page.items.back().id;
  }
  std::vector<std::string> expected;
  for (const OrderId& id : newest_first) expected.push_back(id.text());
  EXPECT_EQ(seen, expected);
}

TEST(ReadingAnOrder, ChecksWhatItIsMadeOf) {
  Desk desk;
  desk.confirmed();
  Transaction tx(desk.state, 0, desk.now, desk.random);
  OrderRecord r = *desk.find<OrderRecord>(desk.order);
  r.order.shipment_ids.clear();
  r.order.history.erase(r.order.history.begin());
  tx.put(r);
  desk.state.apply(tx.writes());
  EXPECT_THAT(desk.violations(), testing::SizeIs(testing::Ge(2)));
}

TEST(ReadingAnOrder, ChecksThatItIsPendingAsLongAsItsSagaIsOpen) {
  Desk desk;
  desk.placed();
  EXPECT_THAT(desk.violations(), testing::IsEmpty());
  const SagaRow saga = *desk.find<SagaRow>(desk.order.uuid);
  const auto change = [&desk](auto&& what) {
    Transaction tx(desk.state, 0, desk.now, desk.random);
    what(tx);
    desk.state.apply(tx.writes());
    return desk.violations();
  };
  const auto close = [&](Transaction& tx) { tx.close_saga(saga.id); };
  const auto open = [&](Transaction& tx) { tx.open_saga(saga); };
  EXPECT_THAT(change(close), testing::ElementsAre(testing::HasSubstr("pending without a saga")));
  EXPECT_THAT(change(open), testing::IsEmpty());
  desk.must(decide, desk.confirmation());
  EXPECT_THAT(desk.violations(), testing::IsEmpty());
  EXPECT_THAT(change(open), testing::ElementsAre(testing::HasSubstr("its saga is open")));
  EXPECT_THAT(change([&](Transaction& tx) { tx.erase<OrderRecord>(desk.order); }),
              testing::ElementsAre(testing::HasSubstr("its saga is open")));
}

}  // namespace
}  // namespace stoa::order
