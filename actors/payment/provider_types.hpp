// What is asked of the payment provider, and what it says. The key names the request: asked again under the same key it
// gives the same result and moves no money twice. After a void nothing of that payment is held any more, and what
// comes later to hold it is declined.
#pragma once

#include <cstdint>
#include <string>

#include "base/record.hpp"

namespace stoa {

enum class ProviderOperation : uint8_t { kAuthorize = 0, kConfirm = 1, kVoid = 2, kCapture = 3, kRefund = 4 };

struct ProviderRequest {
  ProviderOperation operation = ProviderOperation::kAuthorize;
  Uuid payment;
  Money amount;
  std::string method;
};
template <class V>
void fields(V& v, ProviderRequest& x) {
  uint32_t operation = static_cast<uint32_t>(x.operation);
  v(1, "operation", operation);
  x.operation = static_cast<ProviderOperation>(operation);
  v(2, "payment", x.payment);
  v(3, "amount", x.amount);
  v(4, "method", x.method);
}

enum class ProviderVerdict : uint8_t { kApproved = 0, kDeclined = 1, kRequiresAction = 2 };

struct ProviderResult {
  ProviderVerdict verdict = ProviderVerdict::kApproved;
};
template <class V>
void fields(V& v, ProviderResult& x) {
  uint32_t verdict = static_cast<uint32_t>(x.verdict);
  v(1, "verdict", verdict);
  x.verdict = static_cast<ProviderVerdict>(verdict);
}

inline constexpr const char* kPaymentProvider = "payment_provider";  // the adapter's name

}  // namespace stoa
