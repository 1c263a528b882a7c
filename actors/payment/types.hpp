// What others may know of the payment service: its records as clients see them, commands, facts and refusals.
//
// A payment belongs to one order and carries the order's uuid under its own prefix, so no index is needed between them,
// and a cancel that comes before the authorisation finds the place where to leave its tombstone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/outcome.hpp"
#include "base/record.hpp"

namespace stoa {

enum class PaymentStatus : uint8_t {
  kPending = 0,
  kAuthorized = 1,
  kDeclined = 2,
  kRequiresAction = 3,
  kCaptured = 4,
  kVoided = 5,
  kPartiallyRefunded = 6,
  kRefunded = 7,
};
inline constexpr EnumName<PaymentStatus> kPaymentStatusNames[] = {
    {PaymentStatus::kPending, "pending"},
    {PaymentStatus::kAuthorized, "authorized"},
    {PaymentStatus::kDeclined, "declined"},
    {PaymentStatus::kRequiresAction, "requires_action"},
    {PaymentStatus::kCaptured, "captured"},
    {PaymentStatus::kVoided, "voided"},
    {PaymentStatus::kPartiallyRefunded, "partially_refunded"},
    {PaymentStatus::kRefunded, "refunded"}};
constexpr auto enum_names(PaymentStatus) { return EnumNames<PaymentStatus>(kPaymentStatusNames); }

// One side of a booking. The two sides of each booking, and so all of a payment, sum to zero.
// Accounts: customer, held (authorised, not yet captured), merchant.
struct LedgerEntry {
  int64_t seq = 0;
  Time at;
  std::string account;
  Money amount;
  std::string cause;  // authorize, void, capture, release, refund
};
template <class V>
void fields(V& v, LedgerEntry& x) {
  v(1, "seq", x.seq);
  v(2, "at", x.at);
  v(3, "account", x.account);
  v(4, "amount", x.amount);
  v(5, "cause", x.cause);
}

struct Payment {
  PaymentId id;
  OrderId order_id;
  PaymentStatus status = PaymentStatus::kPending;
  std::string method;
  Money amount;
  Money captured;
  Money refunded;
  std::vector<LedgerEntry> ledger;
};
template <class V>
void fields(V& v, Payment& x) {
  v(1, "id", x.id);
  v(2, "order_id", x.order_id);
  v(3, "status", x.status);
  v(4, "method", x.method);
  v(5, "amount", x.amount);
  v(6, "captured", x.captured);
  v(7, "refunded", x.refunded);
  v(8, "ledger", x.ledger);
}

inline PaymentId payment_of(OrderId order) { return PaymentId{order.uuid}; }

// Sandbox methods; anything else is no method at all.
inline bool is_payment_method(std::string_view method) {
  return method == "tok_visa" || method == "tok_declined" || method == "tok_timeout" || method == "tok_flaky" ||
         method == "tok_3ds";
}

// ---- What the order asks. Service callers only.

// Reply: PaymentDecided. A repeat gets the same; after a cancel it is refused with kPaymentCancelled.
struct AuthorizePayment {
  static constexpr std::string_view kName = "AuthorizePayment";
  OrderId order_id;
  UserId customer_id;
  Money amount;
  std::string method;
};
template <class V>
void fields(V& v, AuthorizePayment& x) {
  v(1, "order_id", x.order_id);
  v(2, "customer_id", x.customer_id);
  v(3, "amount", x.amount);
  v(4, "method", x.method);
}

// Reply of AuthorizePayment: authorized, declined or requires_action.
struct PaymentDecided {
  PaymentStatus status = PaymentStatus::kPending;
};
template <class V>
void fields(V& v, PaymentDecided& x) {
  v(1, "status", x.status);
}

// No money is held or kept any more: voids what is authorised, refunds what was captured. Of an order not heard of it
// leaves a tombstone. A repeat does nothing.
struct CancelPayment {
  static constexpr std::string_view kName = "CancelPayment";
  OrderId order_id;
};
template <class V>
void fields(V& v, CancelPayment& x) {
  v(1, "order_id", x.order_id);
}

// Takes all that is held, once. A repeat does nothing.
struct CaptureForShipment {
  static constexpr std::string_view kName = "CaptureForShipment";
  OrderId order_id;
};
template <class V>
void fields(V& v, CaptureForShipment& x) {
  v(1, "order_id", x.order_id);
}

// ---- Commands and queries of clients.

struct ConfirmPayment {
  static constexpr std::string_view kName = "ConfirmPayment";
  PaymentId id;
};
template <class V>
void fields(V& v, ConfirmPayment& x) {
  v(1, "id", x.id, kInternal);
}

// Some of a payment's money. Another currency than the payment's is kCurrencyMismatch.
struct PaymentPart {
  int64_t amount = 0;    // minor units
  std::string currency;  // empty: the payment's own
};
template <class V>
void fields(V& v, PaymentPart& x) {
  v(1, "amount", x.amount);
  v(2, "currency", x.currency);
}

struct CapturePayment {
  static constexpr std::string_view kName = "CapturePayment";
  PaymentId id;
  std::optional<PaymentPart> part;  // all that is held when absent; what is not taken is let go
};
template <class V>
void fields(V& v, CapturePayment& x) {
  v(1, "id", x.id);
  v(2, "part", x.part);
}

struct VoidPayment {
  static constexpr std::string_view kName = "VoidPayment";
  PaymentId id;
  std::optional<PaymentPart> part;  // if named, all that is held: there is no voiding in parts
};
template <class V>
void fields(V& v, VoidPayment& x) {
  v(1, "id", x.id);
  v(2, "part", x.part);
}

struct RefundPayment {
  static constexpr std::string_view kName = "RefundPayment";
  PaymentId id;
  std::optional<PaymentPart> part;  // all that is left when absent
};
template <class V>
void fields(V& v, RefundPayment& x) {
  v(1, "id", x.id);
  v(2, "part", x.part);
}

struct GetPayment {
  static constexpr std::string_view kName = "GetPayment";
  PaymentId id;
};
template <class V>
void fields(V& v, GetPayment& x) {
  v(1, "id", x.id);
}

// ---- Facts, to the order's slot.

struct PaymentChanged {
  static constexpr std::string_view kName = "PaymentChanged";
  OrderId order_id;
  PaymentStatus status = PaymentStatus::kPending;
  int64_t seq = 0;  // rises with each change of this payment
};
template <class V>
void fields(V& v, PaymentChanged& x) {
  v(1, "order_id", x.order_id);
  v(2, "status", x.status);
  v(3, "seq", x.seq);
}

inline constexpr RefusalKind kCurrencyMismatch{"currency_mismatch"};
inline constexpr RefusalKind kPaymentDeclined{"payment_declined"};
inline constexpr RefusalKind kPaymentCancelled{"payment_cancelled"};  // between services: the order was given up

}  // namespace stoa
