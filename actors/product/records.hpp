// What a shard of the product service stores. Catalogue data and stock are apart: a checkout rewrites only the stock.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "actors/product/types.hpp"
#include "storage/key.hpp"

namespace stoa {

struct ProductRecord {
  static constexpr Table kTable = 1;
  ProductId id;
  UserId merchant_id;
  std::string sku;
  std::string name;
  std::optional<std::string> description;
  Money price;
  std::optional<std::string> category;
  std::map<std::string, std::string> attributes;
  int64_t version = 1;
  Time created_at;  // the time in the id, so that the order of ids is the order of creation
  Time updated_at;
  bool deleted = false;

  ProductId key() const { return id; }
};
template <class V>
void fields(V& v, ProductRecord& x) {
  v(1, "id", x.id);
  v(2, "merchant_id", x.merchant_id);
  v(3, "sku", x.sku);
  v(4, "name", x.name);
  v(5, "description", x.description);
  v(6, "price", x.price);
  v(7, "category", x.category);
  v(8, "attributes", x.attributes);
  v(9, "version", x.version);
  v(10, "created_at", x.created_at);
  v(11, "updated_at", x.updated_at);
  v(12, "deleted", x.deleted);
}

// Who has a SKU: at most one product of a merchant that is not deleted.
struct SkuRecord {
  static constexpr Table kTable = 2;
  UserId merchant_id;
  std::string sku;
  ProductId product_id;

  std::tuple<UserId, std::string> key() const { return {merchant_id, sku}; }
};
template <class V>
void fields(V& v, SkuRecord& x) {
  v(1, "merchant_id", x.merchant_id);
  v(2, "sku", x.sku);
  v(3, "product_id", x.product_id);
}

// on_hand = initial + adjusted + returned - committed, and 0 <= reserved <= on_hand. All in pieces.
struct StockRecord {
  static constexpr Table kTable = 3;
  ProductId product_id;
  int64_t on_hand = 0;
  int64_t reserved = 0;   // the sum over the reservations that are held
  int64_t initial = 0;    // at creation
  int64_t adjusted = 0;   // sum of adjustments
  int64_t committed = 0;  // sold
  int64_t returned = 0;   // came back of what was sold
  int64_t version = 1;

  int64_t available() const { return on_hand - reserved; }
  ProductId key() const { return product_id; }
};
template <class V>
void fields(V& v, StockRecord& x) {
  v(1, "product_id", x.product_id);
  v(2, "on_hand", x.on_hand);
  v(3, "reserved", x.reserved);
  v(4, "initial", x.initial);
  v(5, "adjusted", x.adjusted);
  v(6, "committed", x.committed);
  v(7, "returned", x.returned);
  v(8, "version", x.version);
}

enum class ReservationState : uint8_t { kHeld = 1, kCommitted = 2, kReleased = 3 };
inline constexpr EnumName<ReservationState> kReservationStateNames[] = {{ReservationState::kHeld, "held"},
                                                                        {ReservationState::kCommitted, "committed"},
                                                                        {ReservationState::kReleased, "released"}};
constexpr auto enum_names(ReservationState) { return EnumNames<ReservationState>(kReservationStateNames); }

// What an order holds on this shard, and the reply it was given. One that was released before it was asked for has no
// lines: a tombstone. Kept until nobody can ask for it again: see rules.hpp.
struct ReservationRecord {
  static constexpr Table kTable = 4;
  OrderId order_id;
  ReservationState state = ReservationState::kHeld;
  std::vector<ReservedLine> lines;
  Time expires_at;  // {0} in those of the first version, each of which has a timer of its own

  OrderId key() const { return order_id; }
};
template <class V>
void fields(V& v, ReservationRecord& x) {
  v(1, "order_id", x.order_id);
  v(2, "state", x.state);
  v(3, "lines", x.lines);
  v(4, "expires_at", x.expires_at);
}

// What invariants look at of a ReservationRecord: some of its fields, so that reading it skips the rest.
struct LineOutline {
  ProductId product_id;
  int64_t quantity = 0;
};
template <class V>
void fields(V& v, LineOutline& x) {
  v(2, "product_id", x.product_id);
  v(7, "quantity", x.quantity);
}
struct ReservationOutline {
  static constexpr Table kTable = ReservationRecord::kTable;
  OrderId order_id;
  ReservationState state = ReservationState::kHeld;
  std::vector<LineOutline> lines;

  OrderId key() const { return order_id; }
};
template <class V>
void fields(V& v, ReservationOutline& x) {
  v(1, "order_id", x.order_id);
  v(2, "state", x.state);
  v(3, "lines", x.lines);
}

// How far the shard's sweep over its reservations has come. Only there while a sweep is to come.
struct SweepRecord {
  static constexpr Table kTable = 6;
  OrderId looked_at;  // up to this order, whatever is still held has a timer of its own
  OrderId forgotten;  // up to this order, whatever had ended was erased

  std::tuple<> key() const { return {}; }
};
template <class V>
void fields(V& v, SweepRecord& x) {
  v(1, "looked_at", x.looked_at);
  v(2, "forgotten", x.forgotten);
}

// How much of a product came back for an order. Kept for good: returns may come long after the sale.
struct ReturnRecord {
  static constexpr Table kTable = 5;
  OrderId order_id;
  ProductId product_id;
  int64_t quantity = 0;

  std::tuple<OrderId, ProductId> key() const { return {order_id, product_id}; }
};
template <class V>
void fields(V& v, ReturnRecord& x) {
  v(1, "order_id", x.order_id);
  v(2, "product_id", x.product_id);
  v(3, "quantity", x.quantity);
}

}  // namespace stoa
