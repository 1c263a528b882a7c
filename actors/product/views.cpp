#include "actors/product/views.hpp"

#include <utility>

namespace stoa::product {

ProductView view_of(ProductRecord product, const StockRecord& stock) {
  ProductView view;
  view.id = product.id;
  view.merchant_id = product.merchant_id;
  view.sku = std::move(product.sku);
  view.name = std::move(product.name);
  view.description = std::move(product.description);
  view.price = std::move(product.price);
  view.category = std::move(product.category);
  if (!product.attributes.empty()) view.attributes = std::move(product.attributes);
  view.available = stock.available();
  view.version = product.version;
  view.created_at = product.created_at;
  view.updated_at = product.updated_at;
  return view;
}

StockView view_of(const StockRecord& stock) {
  return {stock.on_hand, stock.reserved, stock.available(), stock.version};
}

std::string tag_of(const ProductRecord& product, const StockRecord& stock) {
  return std::to_string(product.version) + "-" + std::to_string(stock.version);
}

bool matches(const std::string& if_match, const ProductRecord& product) {
  return if_match == "*" || if_match.substr(0, if_match.find('-')) == std::to_string(product.version);
}

}  // namespace stoa::product
