// The HTTP routes of orders.
#pragma once

#include <vector>

#include "actors/runtime/route.hpp"

namespace stoa::order {

std::vector<Route> routes();

}  // namespace stoa::order
