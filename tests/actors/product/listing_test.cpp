#include "actors/product/listing.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "tests/actors/product/shop.hpp"

namespace stoa::product {
namespace {

struct Catalogue : Shop {
  void add(const std::string& sku, const std::string& name, int64_t amount, const std::string& category = {}) {
    now = after(now, 1);
    CreateProduct c = a_product(sku, 3);
    c.name = name;
    c.price.amount = amount;
    if (!category.empty()) c.category = category;
    must(create_product, c, by_merchant());
  }
  Page page(const ListProducts& query) const { return *decode<Page>(ask(list_products, query).answer.body); }

  // The SKUs of the whole list, read page by page.
  std::string skus(ListProducts query, int64_t limit = 2) const {
    std::string all;
    query.page.limit = limit;
    for (;;) {
      const Page p = page(query);
      for (const PageItem& item : p.items) (all += parse_json(item.body)->at("sku").get<std::string>()) += ' ';
      if (static_cast<int64_t>(p.items.size()) < limit) return all;
      query.page.after_sort = p.items.back().sort;
      query.page.after_id = p.items.back().id;
    }
  }
};

Catalogue five() {
  Catalogue c;
  c.add("a", "Oak chair", 300, "chairs");
  c.add("b", "oak Table", 100, "tables");
  c.add("c", "Pine chair", 200, "chairs");
  c.add("d", "Oak", 100);
  c.add("e", "\xC3\x96l", 5);
  return c;
}

ListProducts by(ProductSort sort) {
  ListProducts query;
  query.sort = sort;
  return query;
}

TEST(ProductList, IsSortedAsAsked) {
  const Catalogue c = five();
  for (const int64_t limit : {1, 2, 3, 100}) {
    EXPECT_EQ(c.skus(by(ProductSort::kNewest), limit), "e d c b a ");
    EXPECT_EQ(c.skus(by(ProductSort::kOldest), limit), "a b c d e ");
    EXPECT_EQ(c.skus(by(ProductSort::kCheapest), limit), "e d b c a ");
    EXPECT_EQ(c.skus(by(ProductSort::kDearest), limit), "a c d b e ");
    EXPECT_EQ(c.skus(by(ProductSort::kNameRising), limit), "d a b c e ");
    EXPECT_EQ(c.skus(by(ProductSort::kNameFalling), limit), "e c b a d ");
  }
}

// The gateway merges the parts of several shards by these.
TEST(ProductList, FallsBySortKeyThenId) {
  const Catalogue c = five();
  for (const auto& name : kProductSortNames) {
    ListProducts query = by(name.value);
    query.page.limit = 100;
    const Page p = c.page(query);
    for (size_t i = 1; i < p.items.size(); ++i)
      EXPECT_GT(std::tie(p.items[i - 1].sort, p.items[i - 1].id), std::tie(p.items[i].sort, p.items[i].id));
  }
}

TEST(ProductList, HasWhatWasSearchedFor) {
  Catalogue c = five();
  const auto words = [&](const char* w) {
    ListProducts query;
    query.words = w;
    return c.skus(query);
  };
  EXPECT_EQ(words("OAK"), "d b a ");
  EXPECT_EQ(words("  chair  oak "), "a ");
  EXPECT_EQ(words("hair"), "c a ");
  EXPECT_EQ(words("\xC3\x96"), "e ");
  EXPECT_EQ(words("walnut"), "");
  ListProducts chairs;
  chairs.category = "chairs";
  EXPECT_EQ(c.skus(chairs), "c a ");
  ListProducts theirs;
  theirs.merchant_id = c.rival;
  EXPECT_EQ(c.skus(theirs), "");
  theirs.merchant_id = c.merchant;
  EXPECT_EQ(c.skus(theirs), "e d c b a ");
}

TEST(ProductList, LeavesOutWhatIsDeletedAndShowsWhatIsAvailable) {
  Catalogue c = five();
  const PageItem newest = c.page({}).items.at(0);
  const ProductId id = *ProductId::parse(newest.id);
  EXPECT_EQ(newest.body, c.ask(get_product, GetProduct{id}).answer.body);
  c.must(delete_product, DeleteProduct{id, ""}, c.by_merchant());
  EXPECT_EQ(c.skus({}), "d c b a ");
}

TEST(ProductList, RefusesACursorThatIsNone) {
  const Catalogue c = five();
  ListProducts query;
  query.page.after_id = "nonsense";
  EXPECT_EQ(c.ask(list_products, query).answer.code, "validation_failed");
}

}  // namespace
}  // namespace stoa::product
