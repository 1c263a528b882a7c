#include "bench/checkout/basket.hpp"

#include <algorithm>

namespace stoa::bench {

Basket random_basket(Random& random) {
  Basket basket;
  for (size_t i = 0; i < basket.size(); ++i) {
    bool again = true;
    while (again) {
      basket[i].product = random.below(kProducts);
      again = false;
      for (size_t j = 0; j < i; ++j) again = again || basket[j].product == basket[i].product;
    }
    basket[i].quantity = 1 + static_cast<int>(random.below(3));
  }
  std::sort(basket.begin(), basket.end(), [](const auto& a, const auto& b) { return a.product < b.product; });
  return basket;
}

}  // namespace stoa::bench
