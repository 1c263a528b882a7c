// What others may know of the order service: orders as clients see them, commands and refusals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/runtime/page.hpp"
#include "base/outcome.hpp"
#include "base/record.hpp"

namespace stoa {

enum class OrderStatus : uint8_t {
  kPending = 0,
  kConfirmed = 1,
  kRejected = 2,
  kCancelled = 3,
  kShipped = 4,
  kDelivered = 5,
  kReturned = 6,
};
inline constexpr EnumName<OrderStatus> kOrderStatusNames[] = {
    {OrderStatus::kPending, "pending"},   {OrderStatus::kConfirmed, "confirmed"},
    {OrderStatus::kRejected, "rejected"}, {OrderStatus::kCancelled, "cancelled"},
    {OrderStatus::kShipped, "shipped"},   {OrderStatus::kDelivered, "delivered"},
    {OrderStatus::kReturned, "returned"}};
constexpr auto enum_names(OrderStatus) { return EnumNames<OrderStatus>(kOrderStatusNames); }

struct Address {
  std::string name;
  std::string line1;
  std::optional<std::string> line2;
  std::string city;
  std::optional<std::string> region;
  std::string postal_code;
  std::string country;  // ISO 3166-1 alpha-2
};
template <class V>
void fields(V& v, Address& x) {
  v(1, "name", x.name, within(1, 200));
  v(2, "line1", x.line1, within(1, 200));
  v(3, "line2", x.line2, within(0, 200));
  v(4, "city", x.city, within(1, 100));
  v(5, "region", x.region, within(0, 100));
  v(6, "postal_code", x.postal_code, within(1, 20));
  v(7, "country", x.country, within(2, 2));
}

// Until stock is held, a line knows no more than what was asked for.
struct OrderLine {
  ProductId product_id;
  std::optional<std::string> sku;
  std::optional<std::string> name;
  int64_t quantity = 0;
  std::optional<Money> unit_price;
  std::optional<Money> total;
};
template <class V>
void fields(V& v, OrderLine& x) {
  v(1, "product_id", x.product_id);
  v(2, "sku", x.sku);
  v(3, "name", x.name);
  v(4, "quantity", x.quantity);
  v(5, "unit_price", x.unit_price);
  v(6, "total", x.total);
}

struct HistoryEntry {
  int64_t seq = 0;  // 1, 2, 3, ... without gaps
  Time at;
  std::string event;
  std::optional<OrderStatus> from;  // none: the first
  OrderStatus to = OrderStatus::kPending;
};
template <class V>
void fields(V& v, HistoryEntry& x) {
  v(1, "seq", x.seq);
  v(2, "at", x.at);
  v(3, "event", x.event);
  v(4, "from", x.from);
  v(5, "to", x.to);
}

// Never changes once confirmed: id, lines, total, payment_id, shipment_ids.
struct Order {
  OrderId id;
  UserId customer_id;
  OrderStatus status = OrderStatus::kPending;
  std::optional<std::string> reason;  // why it was rejected or cancelled
  std::vector<OrderLine> lines;
  std::optional<Money> total;
  Address shipping_address;
  std::optional<PaymentId> payment_id;   // once confirmed, or once the customer must confirm the payment
  std::vector<ShipmentId> shipment_ids;  // once confirmed
  std::vector<HistoryEntry> history;
  int64_t version = 0;
  Time created_at;
};
template <class V>
void fields(V& v, Order& x) {
  v(1, "id", x.id);
  v(2, "customer_id", x.customer_id);
  v(3, "status", x.status);
  v(4, "reason", x.reason);
  v(5, "lines", x.lines);
  v(6, "total", x.total);
  v(7, "shipping_address", x.shipping_address);
  v(8, "payment_id", x.payment_id);
  v(9, "shipment_ids", x.shipment_ids);
  v(10, "history", x.history);
  v(11, "version", x.version);
  v(12, "created_at", x.created_at);
}

// Orders are placed by their customer.
inline Slot slot_of_customer(UserId customer) { return slot_of(customer.uuid.bytes()); }

// ---- Commands and queries of clients.

struct OrderItem {
  ProductId product_id;
  int64_t quantity = 0;
};
template <class V>
void fields(V& v, OrderItem& x) {
  v(1, "product_id", x.product_id);
  v(2, "quantity", x.quantity, within(1, 1000));
}

struct PaymentChoice {
  std::string method;
};
template <class V>
void fields(V& v, PaymentChoice& x) {
  v(1, "method", x.method, within(1, 64));
}

struct PlaceOrder {
  static constexpr std::string_view kName = "PlaceOrder";
  OrderId id;          // minted with slot_of_customer()
  UserId customer_id;  // the caller
  std::vector<OrderItem> lines;
  Address shipping_address;
  PaymentChoice payment;
};
template <class V>
void fields(V& v, PlaceOrder& x) {
  v(1, "id", x.id, kInternal);
  v(2, "customer_id", x.customer_id, kInternal);
  v(3, "lines", x.lines, within(1, 100));
  v(4, "shipping_address", x.shipping_address);
  v(5, "payment", x.payment);
}

struct CancelOrder {
  static constexpr std::string_view kName = "CancelOrder";
  OrderId id;
};
template <class V>
void fields(V& v, CancelOrder& x) {
  v(1, "id", x.id, kInternal);
}

struct GetOrder {
  static constexpr std::string_view kName = "GetOrder";
  OrderId id;
};
template <class V>
void fields(V& v, GetOrder& x) {
  v(1, "id", x.id);
}

// One's own orders, newest first. Reply: Page.
struct ListOrders {
  static constexpr std::string_view kName = "ListOrders";
  UserId customer_id;
  PageRequest page;
};
template <class V>
void fields(V& v, ListOrders& x) {
  v(1, "customer_id", x.customer_id);
  v(2, "page", x.page);
}

}  // namespace stoa
