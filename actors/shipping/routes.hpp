// The HTTP routes of shipments.
#pragma once

#include <vector>

#include "actors/runtime/route.hpp"

namespace stoa::shipping {

std::vector<Route> routes();

}  // namespace stoa::shipping
