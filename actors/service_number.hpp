// The stable number of each service, from services.def: service_number::order.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace stoa::service_number {
#define STOA_SERVICE(folder, number) inline constexpr uint16_t folder = number;
#include "actors/services.def"
#undef STOA_SERVICE

// Those placed by customer: all that one customer does meets in their shards of one slot.
inline std::vector<uint16_t> by_customer() { return {order, payment, shipping}; }
}  // namespace stoa::service_number

namespace stoa {

// Empty for a number that no service has.
constexpr std::string_view service_name(uint16_t number) {
#define STOA_SERVICE(folder, stable_number) \
  if (number == stable_number) return #folder;
#include "actors/services.def"
#undef STOA_SERVICE
  return {};
}

}  // namespace stoa
