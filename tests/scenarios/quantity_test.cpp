#include "scenarios/quantity.hpp"

#include <gtest/gtest.h>

namespace stoa::scenarios {
namespace {

TEST(Quantity, ReadsDurations) {
  EXPECT_EQ(parse_duration_ns("50us"), 50'000);
  EXPECT_EQ(parse_duration_ns("1.5ms"), 1'500'000);
  EXPECT_EQ(parse_duration_ns("10s"), 10'000'000'000);
  EXPECT_EQ(parse_duration_ns("2m"), 120'000'000'000);
  EXPECT_EQ(parse_duration_ns("1h"), 3'600'000'000'000);
  EXPECT_EQ(parse_duration_ns("0s"), 0);
  for (const char* text : {"", "s", "10", "10 s", "-1s", "1e3s", "infs", "nans", "10sec", "99999h", "1s "}) {
    EXPECT_FALSE(parse_duration_ns(text)) << text;
  }
}

TEST(Quantity, ReadsRatesAndShares) {
  EXPECT_EQ(parse_rate("200"), 200);
  EXPECT_EQ(parse_rate("0.5/s"), 0.5);
  EXPECT_FALSE(parse_rate("0"));
  EXPECT_FALSE(parse_rate("200/m"));
  EXPECT_FALSE(parse_rate("10000000"));
  EXPECT_EQ(parse_share("50%"), 0.5);
  EXPECT_FALSE(parse_share("0.5"));
  EXPECT_FALSE(parse_share("101%"));
}

TEST(Quantity, ShowsThreeDigits) {
  EXPECT_EQ(show_duration(0), "0.00us");
  EXPECT_EQ(show_duration(812'000), "812us");
  EXPECT_EQ(show_duration(4'210'000), "4.21ms");
  EXPECT_EQ(show_duration(999'600'000), "1.00s");
  EXPECT_EQ(show_duration(61'000'000'000), "61.0s");
  EXPECT_EQ(show_count(7), "7");
  EXPECT_EQ(show_count(1'234'567), "1,234,567");
}

TEST(Quantity, NeverCallsAPartTheWholeNorSomethingNothing) {
  EXPECT_EQ(show_share(0, 10), "0%");
  EXPECT_EQ(show_share(10, 10), "100%");
  EXPECT_EQ(show_share(1, 4), "25.00%");
  EXPECT_EQ(show_share(999'999, 1'000'000), ">99.99%");
  EXPECT_EQ(show_share(1, 1'000'000), "<0.01%");
}

}  // namespace
}  // namespace stoa::scenarios
