#include "app/live_settings.hpp"

#include "actors/catalog/settings.hpp"
#include "app/logging.hpp"
#include "base/check.hpp"

namespace stoa {
namespace {

std::string rate_text(const std::optional<uint32_t>& per_s) { return per_s ? std::to_string(*per_s) + "/s" : "off"; }

std::optional<RatePolicy> policy(const std::optional<int64_t>& per_s) {
  if (!per_s) return std::nullopt;
  return RatePolicy{*per_s, 1000};
}

}  // namespace

LiveSettings::LiveSettings(const Config& config) {
  for (const SettingSchema& s : settings_schema()) file_[std::string(s.key)] = s.fallback;
  file_["limits.max_in_flight"] = std::to_string(config.limits.max_in_flight);
  file_["limits.rate.address"] = rate_text(config.limits.address_per_s);
  file_["limits.rate.user"] = rate_text(config.limits.user_per_s);
  file_["log.level"] = config.log.level;
}

std::string LiveSettings::value(const std::string& key) const {
  const SettingSchema* schema = setting_schema(key);
  STOA_CHECK(schema != nullptr, "a setting has a row in the table");
  const auto set = set_.find(key);
  // One that another version of the program set may mean nothing here.
  if (set != set_.end() && setting_fault(*schema, set->second).empty()) return set->second;
  return file_.at(key);
}

GatewayLimits LiveSettings::gateway_limits() const {
  GatewayLimits limits;
  limits.max_in_flight = static_cast<int>(whole_setting(value("limits.max_in_flight")));
  limits.address_rate = policy(rate_setting(value("limits.rate.address")));
  limits.user_rate = policy(rate_setting(value("limits.rate.user")));
  limits.default_wait_ms = whole_setting(value("gateway.default_wait_ms"));
  return limits;
}

LogLevel LiveSettings::log_level() const { return stoa::log_level(value("log.level")); }

int64_t LiveSettings::rotate_after_hours() const { return whole_setting(value("keys.rotate_after_hours")); }

}  // namespace stoa
