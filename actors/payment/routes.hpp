// The HTTP routes of payments.
#pragma once

#include <vector>

#include "actors/runtime/route.hpp"

namespace stoa::payment {

std::vector<Route> routes();

}  // namespace stoa::payment
