// The list of products: one shard's part of a page.
#pragma once

#include <string>

#include "actors/product/types.hpp"
#include "actors/runtime/page.hpp"
#include "base/call.hpp"
#include "base/outcome.hpp"
#include "storage/reader.hpp"

namespace stoa {

// Rising or falling ("-" in the query).
enum class ProductSort : uint8_t {
  kNewest = 0,
  kOldest = 1,
  kCheapest = 2,
  kDearest = 3,
  kNameRising = 4,
  kNameFalling = 5
};
inline constexpr EnumName<ProductSort> kProductSortNames[] = {
    {ProductSort::kNewest, "-created_at"}, {ProductSort::kOldest, "created_at"}, {ProductSort::kCheapest, "price"},
    {ProductSort::kDearest, "-price"},     {ProductSort::kNameRising, "name"},   {ProductSort::kNameFalling, "-name"}};
constexpr auto enum_names(ProductSort) { return EnumNames<ProductSort>(kProductSortNames); }

struct ListProducts {
  static constexpr std::string_view kName = "ListProducts";
  PageRequest page;
  std::string words;     // each must occur in name, description or SKU; ASCII letters match either case
  std::string category;  // empty: any
  UserId merchant_id;    // nil: any
  ProductSort sort = ProductSort::kNewest;
};
template <class V>
void fields(V& v, ListProducts& x) {
  v(1, "page", x.page);
  v(2, "words", x.words);
  v(3, "category", x.category);
  v(4, "merchant_id", x.merchant_id);
  v(5, "sort", x.sort);
}

namespace product {

// Reply: a Page. Prices of different currencies are compared by their amount; names by their bytes with ASCII letters
// lowered.
Outcome list_products(const ListProducts& query, const Call& call, const Reader& reader);

}  // namespace product
}  // namespace stoa
