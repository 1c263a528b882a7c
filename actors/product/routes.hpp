// The product service as clients see it.
#pragma once

#include <vector>

#include "actors/runtime/route.hpp"

namespace stoa::product {

std::vector<Route> make_routes();

}  // namespace stoa::product
