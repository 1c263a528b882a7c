#include "actors/catalog/settings.hpp"

#include <algorithm>
#include <charconv>

#include "base/check.hpp"

namespace stoa {
namespace {

constexpr std::string_view kPerSecond = "/s";
constexpr std::string_view kOff = "off";
constexpr std::string_view kLevels[] = {"debug", "info", "warn", "error"};

std::optional<int64_t> whole(std::string_view text) {
  int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return n;
}

std::optional<int64_t> rate(std::string_view text) {
  if (text.size() <= kPerSecond.size() || text.substr(text.size() - kPerSecond.size()) != kPerSecond)
    return std::nullopt;
  return whole(text.substr(0, text.size() - kPerSecond.size()));
}

std::string bounds(const SettingSchema& s, std::string_view unit) {
  return std::to_string(s.low) + std::string(unit) + " to " + std::to_string(s.high) + std::string(unit);
}

}  // namespace

const std::vector<SettingSchema>& settings_schema() {
  static const std::vector<SettingSchema> kSchema = {
      {"limits.max_in_flight", SettingForm::kWhole, 1, 1'000'000, "1024",
       "requests that a gateway works on at once; beyond: 503 overloaded"},
      {"limits.rate.address", SettingForm::kRate, 1, 1'000'000, "200/s",
       "requests a second from one address; beyond: 429"},
      {"limits.rate.user", SettingForm::kRate, 1, 1'000'000, "100/s", "requests a second of one user; beyond: 429"},
      {"gateway.default_wait_ms", SettingForm::kWhole, 0, 30'000, "5000",
       "how long an order is waited for when its client does not say; then 202"},
      {"log.level", SettingForm::kLevel, 0, 0, "info", "the least level that is logged"},
      {"keys.rotate_after_hours", SettingForm::kWhole, 0, 87'600, "720",
       "age at which the signing key is replaced; 0: never by age"},
  };
  return kSchema;
}

const SettingSchema* setting_schema(std::string_view key) {
  for (const SettingSchema& s : settings_schema()) {
    if (s.key == key) return &s;
  }
  return nullptr;
}

std::string setting_fault(const SettingSchema& schema, std::string_view value) {
  switch (schema.form) {
    case SettingForm::kWhole: {
      const auto n = whole(value);
      if (n && *n >= schema.low && *n <= schema.high) return {};
      return "must be a whole number from " + bounds(schema, "");
    }
    case SettingForm::kRate: {
      const auto n = rate(value);
      if (value == kOff || (n && *n >= schema.low && *n <= schema.high)) return {};
      return "must be \"off\" or a rate from " + bounds(schema, kPerSecond);
    }
    case SettingForm::kLevel:
      if (std::find(std::begin(kLevels), std::end(kLevels), value) != std::end(kLevels)) return {};
      return "must be debug, info, warn or error";
  }
  return "has no known form";
}

int64_t whole_setting(std::string_view value) {
  const auto n = whole(value);
  STOA_CHECK(n.has_value(), "a setting was checked before it was kept");
  return *n;
}

std::optional<int64_t> rate_setting(std::string_view value) {
  if (value == kOff) return std::nullopt;
  const auto n = rate(value);
  STOA_CHECK(n.has_value(), "a setting was checked before it was kept");
  return n;
}

std::string setting_pointer(std::string_view key) {
  std::string pointer = "/" + std::string(key);
  std::replace(pointer.begin(), pointer.end(), '.', '/');
  return pointer;
}

}  // namespace stoa
