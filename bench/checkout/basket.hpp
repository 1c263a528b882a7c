// What is bought: the same baskets for every system that sells.
#pragma once

#include <array>
#include <cstdint>

#include "base/random.hpp"

namespace stoa::bench {

constexpr uint64_t kProducts = 200;
constexpr int kStock = 1'000'000;  // of each product

struct BasketLine {
  uint64_t product = 0;  // below kProducts
  int quantity = 0;      // 1 to 3
};
using Basket = std::array<BasketLine, 3>;

// Three different products, in rising order.
Basket random_basket(Random& random);

}  // namespace stoa::bench
