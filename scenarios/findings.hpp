// What verification found: promises that the target broke.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace stoa::scenarios {

// One kind of verification and what came of it.
struct Findings {
  static constexpr size_t kShown = 20;

  std::string what;                // "orders", "stock", "idempotency", "events"
  uint64_t examined = 0;           // orders, products, repeats
  uint64_t violations = 0;         // all of them
  std::vector<std::string> shown;  // the first kShown, one line each
  std::string remark;              // what could not be examined, and why; "" when all was

  void violated(std::string line) {
    if (violations++ < kShown) shown.push_back(std::move(line));
  }
};

}  // namespace stoa::scenarios
