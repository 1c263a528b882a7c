// All services of this program, from services.def.
#pragma once

#include <vector>

#include "actors/runtime/service.hpp"

namespace stoa {

// In the order of services.def. Each folder's service.cpp defines `Service <folder>::make_service()`.
std::vector<Service> make_services();

}  // namespace stoa
