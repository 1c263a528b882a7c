#include "gateway/prefer.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

TEST(Prefer, SaysHowLongTheClientWaits) {
  struct Case {
    const char* value;
    int64_t wait_ms;
    const char* applied;
  };
  const Case cases[] = {
      {"", 5000, ""},
      {"respond-async", 0, "respond-async"},
      {"wait=10", 10'000, "wait=10"},
      {"wait=0", 0, "wait=0"},
      {"wait=999", 30'000, "wait=30"},
      {"Respond-Async, WAIT=\"3\"", 3000, "respond-async, wait=3"},
      {"wait=-1", 5000, ""},
      {"wait=", 5000, ""},
      {"wait=1x", 5000, ""},
      {"wait=99999999999999999999", 5000, ""},
      {"return=minimal; wait=2", 2000, "wait=2"},
  };
  for (const Case& c : cases) {
    const auto wanted = parse_prefer(c.value, 5000, 30'000);
    EXPECT_EQ(wanted.wait_ms, c.wait_ms) << c.value;
    EXPECT_EQ(wanted.applied, c.applied) << c.value;
  }
}

}  // namespace
}  // namespace stoa
