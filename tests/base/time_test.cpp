#include "base/time.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

TEST(Time, IsWrittenAndReadAsRfc3339) {
  for (const int64_t ms : {0LL, 1LL, 951782400123LL, 1700000000999LL, 253402300799999LL, -1LL, -62135596800000LL}) {
    EXPECT_EQ(parse_rfc3339(to_rfc3339(Time{ms})), Time{ms}) << ms;
  }
  EXPECT_EQ(to_rfc3339(Time{951782400123}), "2000-02-29T00:00:00.123Z");
}

TEST(Time, TakesOffsetsAndFractions) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T01:00:00+01:00"), Time{0});
  EXPECT_EQ(parse_rfc3339("1970-01-01t00:00:00.5z"), Time{500});
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.123456789Z"), Time{123});
}

TEST(Time, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "1970-01-01", "1970-01-01T00:00:00", "1970-02-29T00:00:00Z", "1970-13-01T00:00:00Z", "1970-01-01T24:00:00Z",
        "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00Zx", "0000-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

}  // namespace
}  // namespace stoa
