// The stable number of each service, from services.def: service_number::order.
#pragma once

#include <cstdint>

namespace stoa::service_number {
#define STOA_SERVICE(folder, number) inline constexpr uint16_t folder = number;
#include "actors/services.def"
#undef STOA_SERVICE
}  // namespace stoa::service_number
