#include <utility>

#include "actors/product/rules.hpp"
#include "actors/product/views.hpp"

namespace stoa::product {

std::vector<FieldError> faults_of(const AdjustStock& command) {
  std::vector<FieldError> faults;
  if (command.delta == 0) faults.push_back({"/delta", "invalid_value", "must not be 0"});
  record::check_value(command.delta, within(-kMaxStock, kMaxStock), "/delta", faults);
  return faults;
}

StockRecord stock_of(ProductId id, const Reader& reader) {
  auto stock = reader.find<StockRecord>(id);
  STOA_CHECK(stock.has_value(), "a product and its stock are created together and never erased");
  return std::move(*stock);
}

Outcome adjust_stock(const AdjustStock& command, const Call& call, Transaction& tx) {
  auto [product, refusal] = managed_product(command.id, call, tx);
  if (!product) return std::move(refusal);
  if (auto faults = faults_of(command); !faults.empty())
    return refuse(kValidationFailed, "the adjustment is not valid", std::move(faults));
  StockRecord stock = stock_of(command.id, tx);
  if (stock.available() + command.delta < 0)
    return refuse(kOutOfStock, "only " + std::to_string(stock.available()) + " pieces are not reserved");
  if (command.delta > 0 && stock.on_hand + command.delta > kMaxStock)
    return refuse(kValidationFailed, "the adjustment is not valid",
                  {{"/delta", "out_of_range", "at most " + std::to_string(kMaxStock) + " pieces may be on hand"}});
  stock.on_hand += command.delta;
  stock.adjusted += command.delta;
  stock.version += 1;
  tx.put(stock);
  return created(view_of(stock));
}

Outcome get_stock(const GetStock& query, const Call& call, const Reader& reader) {
  auto [product, refusal] = managed_product(query.id, call, reader);
  if (!product) return std::move(refusal);
  return ok(view_of(stock_of(query.id, reader)));
}

}  // namespace stoa::product
