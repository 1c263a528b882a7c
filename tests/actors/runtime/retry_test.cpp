#include "actors/runtime/retry.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

TEST(Retry, WaitsLongerEachTimeAndASecondAtMost) {
  SeededRandom random(1);
  for (int i = 0; i < 100; ++i) {
    const int64_t first = retry_delay_ms(0, random), late = retry_delay_ms(100, random);
    EXPECT_TRUE(50 <= first && first <= 100) << first;
    EXPECT_TRUE(500 <= late && late <= 1000) << late;
  }
}

}  // namespace
}  // namespace stoa
