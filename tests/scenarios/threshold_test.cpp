#include "scenarios/threshold.hpp"

#include <gtest/gtest.h>

namespace stoa::scenarios {
namespace {

TEST(Threshold, ReadsEveryKindOfKey) {
  const auto flow = parse_threshold("checkout.p999", "< 1.5s");
  ASSERT_TRUE(flow.ok());
  EXPECT_EQ(flow->subject, "checkout");
  EXPECT_DOUBLE_EQ(flow->quantile, 0.999);
  EXPECT_DOUBLE_EQ(flow->limit, 1.5e9);
  const auto request = parse_threshold("GET /v1/products/{id}.p50", "<=20ms");
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->subject, "GET /v1/products/{id}");
  const auto errors = parse_threshold("errors", "< 0.1%");
  ASSERT_TRUE(errors.ok());
  EXPECT_DOUBLE_EQ(errors->limit, 0.001);
  EXPECT_EQ(parse_threshold("checks.order is confirmed", "> 99%")->subject, "order is confirmed");
  for (const char* key : {"checks", "browse.errors"}) EXPECT_TRUE(parse_threshold(key, ">= 1%").ok()) << key;
  for (const char* key : {"rate", "browse.rate"}) EXPECT_TRUE(parse_threshold(key, "> 10/s").ok()) << key;
  for (const char* key : {"a.min", "a.mean", "a.avg", "a.max", "a.p90", "a.p95"}) {
    EXPECT_TRUE(parse_threshold(key, "> 10us").ok()) << key;
  }
}

TEST(Threshold, RefusesWhatItCannotMean) {
  for (const char* key : {"", "browse", "browse.p", "browse.px9", ".p99", "checks.", "p99"}) {
    EXPECT_FALSE(parse_threshold(key, "< 10ms").ok()) << key;
  }
  for (const char* bound : {"", "50ms", "< 50", "= 50ms", "< 50 ms", "< -1ms", "< 5%", "<", "< nanms"}) {
    EXPECT_FALSE(parse_threshold("browse.p99", bound).ok()) << bound;
  }
  EXPECT_FALSE(parse_threshold("errors", "< 101%").ok());
  EXPECT_FALSE(parse_threshold("errors", "< 5").ok());
}

TEST(Threshold, TellsBelowFromAtMost) {
  const auto kept = [](const char* bound, double value) { return parse_threshold("rate", bound)->kept_by(value); };
  EXPECT_TRUE(kept("< 10", 9));
  EXPECT_FALSE(kept("< 10", 10));
  EXPECT_TRUE(kept("<= 10", 10));
  EXPECT_FALSE(kept("> 10", 10));
  EXPECT_TRUE(kept(">= 10/s", 10));
}

}  // namespace
}  // namespace stoa::scenarios
