#include "actors/catalog/settings.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

TEST(Settings, EveryFallbackIsWithinItsBounds) {
  for (const SettingSchema& s : settings_schema()) EXPECT_EQ(setting_fault(s, s.fallback), "") << s.key;
}

TEST(Settings, ValuesOutsideTheirBoundsAreFaults) {
  struct Case {
    const char* key;
    const char* value;
    bool good;
  };
  for (const Case& c : std::vector<Case>{{"limits.max_in_flight", "1", true},
                                         {"limits.max_in_flight", "0", false},
                                         {"limits.max_in_flight", "1000001", false},
                                         {"limits.max_in_flight", "ten", false},
                                         {"limits.max_in_flight", "", false},
                                         {"limits.rate.user", "100/s", true},
                                         {"limits.rate.user", "off", true},
                                         {"limits.rate.user", "0/s", false},
                                         {"limits.rate.user", "100", false},
                                         {"limits.rate.user", "/s", false},
                                         {"limits.rate.user", "100/m", false},
                                         {"log.level", "debug", true},
                                         {"log.level", "loud", false},
                                         {"gateway.default_wait_ms", "0", true},
                                         {"gateway.default_wait_ms", "30001", false}}) {
    EXPECT_EQ(setting_fault(*setting_schema(c.key), c.value).empty(), c.good) << c.key << " " << c.value;
  }
}

TEST(Settings, APointerNamesTheValueInTheDocument) {
  EXPECT_EQ(setting_pointer("limits.rate.user"), "/limits/rate/user");
  EXPECT_EQ(setting_schema("limits.rate"), nullptr);
}

TEST(Settings, ARateThatIsOffIsNone) {
  EXPECT_EQ(rate_setting("off"), std::nullopt);
  EXPECT_EQ(rate_setting("250/s"), 250);
}

}  // namespace
}  // namespace stoa
