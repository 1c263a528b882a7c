// What others may know of the product service: its commands, replies, facts and refusals. Products are placed by
// (merchant, sku); an order's reservation lives on every shard that holds one of its products, keyed by the order.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/outcome.hpp"
#include "base/record.hpp"

namespace stoa {

constexpr int64_t kMaxStock = 1'000'000'000;  // pieces of one product on hand, or moved by one command

// ---- Commands and queries of clients.

// The product's id is minted with this slot, so that the second of two products with one SKU meets the first.
inline Slot slot_of_sku(UserId merchant, std::string_view sku) {
  return slot_of(merchant.uuid.bytes() + '\0' + std::string(sku));
}

struct CreateProduct {
  static constexpr std::string_view kName = "CreateProduct";
  ProductId id;        // minted with slot_of_sku()
  UserId merchant_id;  // the caller
  std::string sku;     // visible ASCII
  std::string name;
  std::optional<std::string> description;
  Money price;
  std::optional<std::string> category;
  std::map<std::string, std::string> attributes;
  std::optional<int64_t> stock;  // pieces, 0 when absent
};
template <class V>
void fields(V& v, CreateProduct& x) {
  v(1, "id", x.id, kInternal);
  v(2, "merchant_id", x.merchant_id, kInternal);
  v(3, "sku", x.sku, within(1, 64));
  v(4, "name", x.name, within(1, 200));
  v(5, "description", x.description, within(0, 5000));
  v(6, "price", x.price);
  v(7, "category", x.category, within(1, 100));
  v(8, "attributes", x.attributes, within(0, 50));
  v(9, "stock", x.stock, within(0, kMaxStock));
}

// Absent: left as it is. The clears are a client's null.
struct PatchProduct {
  static constexpr std::string_view kName = "PatchProduct";
  ProductId id;
  std::string if_match;  // entity tag or "*", never empty
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<Money> price;
  std::optional<std::string> category;
  std::map<std::string, std::string> attributes;  // replaces all, if set_attributes
  bool clear_description = false;
  bool clear_category = false;
  bool set_attributes = false;
};
template <class V>
void fields(V& v, PatchProduct& x) {
  v(1, "id", x.id, kInternal);
  v(2, "if_match", x.if_match, kInternal);
  v(3, "name", x.name, within(1, 200));
  v(4, "description", x.description, within(0, 5000));
  v(5, "price", x.price);
  v(6, "category", x.category, within(1, 100));
  v(7, "attributes", x.attributes, within(0, 50));
  v(8, "clear_description", x.clear_description, kInternal);
  v(9, "clear_category", x.clear_category, kInternal);
  v(10, "set_attributes", x.set_attributes, kInternal);
}

// Hides the product for good: it can be neither found nor ordered. What is held or was sold of it goes on.
struct DeleteProduct {
  static constexpr std::string_view kName = "DeleteProduct";
  ProductId id;
  std::string if_match;  // as in PatchProduct; empty: whatever its version
};
template <class V>
void fields(V& v, DeleteProduct& x) {
  v(1, "id", x.id);
  v(2, "if_match", x.if_match);
}

struct AdjustStock {
  static constexpr std::string_view kName = "AdjustStock";
  ProductId id;
  int64_t delta = 0;  // pieces; not 0
  std::string reason;
};
template <class V>
void fields(V& v, AdjustStock& x) {
  v(1, "id", x.id, kInternal);
  v(2, "delta", x.delta, within(-kMaxStock, kMaxStock));
  v(3, "reason", x.reason, within(1, 200));
}

struct GetProduct {
  static constexpr std::string_view kName = "GetProduct";
  ProductId id;
};
template <class V>
void fields(V& v, GetProduct& x) {
  v(1, "id", x.id);
}

struct GetStock {
  static constexpr std::string_view kName = "GetStock";
  ProductId id;
};
template <class V>
void fields(V& v, GetStock& x) {
  v(1, "id", x.id);
}

// ---- What the order saga asks. Service callers only; replies are encoded records.

struct StockLine {
  int64_t line = 0;  // place in the client's request, 0 first: refusals point at /lines/<line>
  ProductId product_id;
  int64_t quantity = 0;  // 1-1,000
};
template <class V>
void fields(V& v, StockLine& x) {
  v(1, "line", x.line);
  v(2, "product_id", x.product_id);
  v(3, "quantity", x.quantity);
}

// Holds all lines or none. One for each shard that holds a product of the order, placed by any of its products. A
// repeat gets the reply that was given; after a release (even one that came first) it is refused with
// kReservationReleased. Refused: kUnknownProduct, kOutOfStock (nothing is recorded, asking again looks again),
// kReservationReleased.
struct ReserveStock {
  static constexpr std::string_view kName = "ReserveStock";
  OrderId order_id;
  Time expires_at;               // still held then: ReservationOverdue is told, again and again until decided
  std::vector<StockLine> lines;  // no product twice
};
template <class V>
void fields(V& v, ReserveStock& x) {
  v(1, "order_id", x.order_id);
  v(2, "expires_at", x.expires_at);
  v(3, "lines", x.lines);
}

// A line with everything of the product that the order freezes.
struct ReservedLine {
  int64_t line = 0;
  ProductId product_id;
  UserId merchant_id;
  std::string sku;
  std::string name;
  Money unit_price;
  int64_t quantity = 0;
};
template <class V>
void fields(V& v, ReservedLine& x) {
  v(1, "line", x.line);
  v(2, "product_id", x.product_id);
  v(3, "merchant_id", x.merchant_id);
  v(4, "sku", x.sku);
  v(5, "name", x.name);
  v(6, "unit_price", x.unit_price);
  v(7, "quantity", x.quantity);
}

// Reply of ReserveStock, in the order of its lines.
struct StockReserved {
  std::vector<ReservedLine> lines;
};
template <class V>
void fields(V& v, StockReserved& x) {
  v(1, "lines", x.lines);
}

// What is held leaves the stock. A repeat does nothing; kIllegalTransition when it was released or never held.
struct CommitReservation {
  static constexpr std::string_view kName = "CommitReservation";
  OrderId order_id;
};
template <class V>
void fields(V& v, CommitReservation& x) {
  v(1, "order_id", x.order_id);
}

// What is held is free again. Of an order not heard of it leaves a tombstone: that order can hold nothing any more. A
// repeat does nothing; kIllegalTransition when it was committed (see ReturnStock).
struct ReleaseReservation {
  static constexpr std::string_view kName = "ReleaseReservation";
  OrderId order_id;
};
template <class V>
void fields(V& v, ReleaseReservation& x) {
  v(1, "order_id", x.order_id);
}

// Sold pieces come back: a confirmed order was cancelled, or lines of it returned. `quantity` is all that came back of
// that product for that order so far, so a repeat, or an older one that comes late, does nothing. Before the commit it
// commits first.
struct ReturnStock {
  static constexpr std::string_view kName = "ReturnStock";
  OrderId order_id;
  std::vector<StockLine> lines;  // all on this shard
};
template <class V>
void fields(V& v, ReturnStock& x) {
  v(1, "order_id", x.order_id);
  v(2, "lines", x.lines);
}

// ---- Facts.

// An order's reservation is past its time and still held. To the order's slot; the order answers with CommitReservation
// or ReleaseReservation to `product_slot`, or not at all, and then it is told again a minute later.
struct ReservationOverdue {
  static constexpr std::string_view kName = "ReservationOverdue";
  OrderId order_id;
  Slot product_slot = 0;  // names the shard that holds
};
template <class V>
void fields(V& v, ReservationOverdue& x) {
  v(1, "order_id", x.order_id);
  v(2, "product_slot", x.product_slot);
}

// ---- Refusals.

inline constexpr RefusalKind kSkuTaken{"sku_taken"};
inline constexpr RefusalKind kOutOfStock{"out_of_stock"};
inline constexpr RefusalKind kUnknownProduct{"unknown_product"};
inline constexpr RefusalKind kIfMatchMissing{"if_match_missing"};
inline constexpr RefusalKind kReservationReleased{"released"};  // between services: the order can hold nothing any more

}  // namespace stoa
