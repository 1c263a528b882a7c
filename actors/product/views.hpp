// What clients see of a product and its stock, and the entity tags that go with them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "actors/product/records.hpp"
#include "base/outcome.hpp"

namespace stoa {

struct ProductView {
  ProductId id;
  UserId merchant_id;
  std::string sku;
  std::string name;
  std::optional<std::string> description;
  Money price;
  std::optional<std::string> category;
  std::optional<std::map<std::string, std::string>> attributes;
  int64_t available = 0;
  int64_t version = 1;
  Time created_at;
  Time updated_at;
};
template <class V>
void fields(V& v, ProductView& x) {
  v(1, "id", x.id);
  v(2, "merchant_id", x.merchant_id);
  v(3, "sku", x.sku);
  v(4, "name", x.name);
  v(5, "description", x.description);
  v(6, "price", x.price);
  v(7, "category", x.category);
  v(8, "attributes", x.attributes);
  v(9, "available", x.available);
  v(10, "version", x.version);
  v(11, "created_at", x.created_at);
  v(12, "updated_at", x.updated_at);
}

struct StockView {
  int64_t on_hand = 0;
  int64_t reserved = 0;
  int64_t available = 0;
  int64_t version = 1;
};
template <class V>
void fields(V& v, StockView& x) {
  v(1, "on_hand", x.on_hand);
  v(2, "reserved", x.reserved);
  v(3, "available", x.available);
  v(4, "version", x.version);
}

namespace product {

ProductView view_of(ProductRecord product, const StockRecord& stock);
StockView view_of(const StockRecord& stock);

// Changes whenever the body does: "<version of the product>-<version of the stock>".
std::string tag_of(const ProductRecord& product, const StockRecord& stock);
// Whether an If-Match names this version of the product. What its stock did meanwhile makes no tag stale.
bool matches(const std::string& if_match, const ProductRecord& product);

}  // namespace product
}  // namespace stoa
