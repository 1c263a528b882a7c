// The user service as clients see it.
#pragma once

#include <vector>

#include "actors/runtime/route.hpp"

namespace stoa::user {

std::vector<Route> make_routes();

}  // namespace stoa::user
