#include "actors/product/invariants.hpp"

#include <map>
#include <tuple>

#include "actors/product/records.hpp"

namespace stoa::product {
namespace {

void check_one(const StockRecord& s, int64_t held, std::vector<std::string>& violations) {
  const std::string who = s.product_id.text();
  if (s.on_hand != s.initial + s.adjusted + s.returned - s.committed)
    violations.push_back(who + ": on_hand is " + std::to_string(s.on_hand) + ", not initial " +
                         std::to_string(s.initial) + " + adjusted " + std::to_string(s.adjusted) + " + returned " +
                         std::to_string(s.returned) + " - committed " + std::to_string(s.committed));
  if (s.reserved < 0 || s.available() < 0 || s.returned < 0 || s.committed < s.returned)
    violations.push_back(who + ": a count is negative: on_hand " + std::to_string(s.on_hand) + ", reserved " +
                         std::to_string(s.reserved) + ", committed " + std::to_string(s.committed) + ", returned " +
                         std::to_string(s.returned));
  if (s.reserved != held)
    violations.push_back(who + ": reserved is " + std::to_string(s.reserved) + ", held are " + std::to_string(held));
}

}  // namespace

// All that is held lies at or above the first that is, which is where it looks again.
Uuid check_stock(const Reader& reader, Uuid from, std::vector<std::string>& violations) {
  std::map<ProductId, int64_t> held;
  Uuid again = kSettled;
  reader.scan_from<ReservationOutline>(from, [&](const ReservationOutline& r) {
    const bool unknown = name_of(r.state) == "?";
    if (unknown) violations.push_back(r.order_id.text() + ": a reservation in no state");
    if (unknown || r.state == ReservationState::kHeld) again = std::min(again, r.order_id.uuid);
    if (r.state == ReservationState::kHeld) {
      for (const LineOutline& line : r.lines) held[line.product_id] += line.quantity;
    }
    return true;
  });
  reader.scan<StockRecord>(std::tuple<>(), false, [&](const StockRecord& s) {
    const auto found = held.find(s.product_id);
    check_one(s, found == held.end() ? 0 : found->second, violations);
    if (found != held.end()) held.erase(found);
    return true;
  });
  for (const auto& [product, pieces] : held)
    violations.push_back(product.text() + ": " + std::to_string(pieces) + " held of a product without stock");
  return again;
}

}  // namespace stoa::product
