// I1: what a shard's products, stocks and reservations must say of each other at any time.
#pragma once

#include <string>
#include <vector>

#include "actors/runtime/invariant.hpp"

namespace stoa::product {

// Adds a line for each product or reservation that breaks it. See runtime/invariant.hpp.
Uuid check_stock(const Reader& reader, Uuid from, std::vector<std::string>& violations);

}  // namespace stoa::product
