// Money: integer minor units of one ISO 4217 currency. Arithmetic that could overflow or mix currencies is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stoa {

constexpr int64_t kMaxAmount = 1'000'000'000'000;  // minor units; the bound of any amount a client may name

struct Money {
  int64_t amount = 0;    // minor units
  std::string currency;  // three upper-case letters

  friend bool operator==(const Money& a, const Money& b) { return a.amount == b.amount && a.currency == b.currency; }
  friend bool operator!=(const Money& a, const Money& b) { return !(a == b); }
};

// Whether a code is an active currency of ISO 4217.
bool is_currency(std::string_view code);

// nullopt when currencies differ or the result leaves 64 bits.
std::optional<Money> add(const Money& a, const Money& b);
std::optional<Money> times(const Money& a, int64_t factor);

}  // namespace stoa
