#include "app/live_settings.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

Config config() {
  Config c;
  c.limits.max_in_flight = 77;
  c.limits.user_per_s = std::nullopt;
  c.log.level = "warn";
  return c;
}

TEST(LiveSettings, GoByTheFileWhereNothingIsSet) {
  const LiveSettings settings(config());
  EXPECT_EQ(settings.gateway_limits().max_in_flight, 77);
  EXPECT_EQ(settings.gateway_limits().address_rate->quota, 200);
  EXPECT_FALSE(settings.gateway_limits().user_rate.has_value());
  EXPECT_EQ(settings.log_level(), LogLevel::kWarn);
  EXPECT_EQ(settings.rotate_after_hours(), 720);
  EXPECT_FALSE(settings.is_set("log.level"));
}

TEST(LiveSettings, GoByWhatIsSetUntilItIsTakenBack) {
  LiveSettings settings(config());
  settings.learn({false, 1, {{"limits.rate.user", "5/s"}, {"limits.rate.address", "off"}, {"log.level", "debug"}}});
  EXPECT_EQ(settings.gateway_limits().user_rate->quota, 5);
  EXPECT_FALSE(settings.gateway_limits().address_rate.has_value());
  EXPECT_EQ(settings.log_level(), LogLevel::kDebug);
  EXPECT_TRUE(settings.is_set("log.level"));
  settings.learn({false, 2, {}});
  EXPECT_EQ(settings.log_level(), LogLevel::kWarn);
}

TEST(LiveSettings, TakeAValueThatMeansNothingHereForNone) {
  LiveSettings settings(config());
  settings.learn({false, 1, {{"limits.max_in_flight", "many"}, {"of.a.later.program", "1"}}});
  EXPECT_EQ(settings.gateway_limits().max_in_flight, 77);
}

}  // namespace
}  // namespace stoa
