// I1: what a shard's products, stocks and reservations must say of each other at any time.
#pragma once

#include <string>
#include <vector>

#include "storage/reader.hpp"

namespace stoa::product {

// Adds a line for each product or reservation that breaks it.
void check_stock(const Reader& reader, std::vector<std::string>& violations);

}  // namespace stoa::product
