// The settings that may change while the cluster runs, as data: name, form, bounds, and what each changes.
// From this table come the checks, `/v1/config`, and the manual.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stoa {

enum class SettingForm : uint8_t {
  kWhole = 0,  // a whole number within the bounds
  kRate = 1,   // "200/s" within the bounds, or "off"
  kLevel = 2,  // "debug", "info", "warn", "error"
};

struct SettingSchema {
  std::string_view key;  // "limits.max_in_flight": its dots are the levels of the JSON document
  SettingForm form = SettingForm::kWhole;
  int64_t low = 0;
  int64_t high = 0;
  std::string_view fallback;  // while neither the catalog nor the configuration file says anything
  std::string_view meaning;
};

const std::vector<SettingSchema>& settings_schema();

// nullptr for an unknown key.
const SettingSchema* setting_schema(std::string_view key);

// What is wrong with the value; empty: nothing.
std::string setting_fault(const SettingSchema& schema, std::string_view value);

// REQUIRES a value without fault. Of a rate nullopt means "off".
int64_t whole_setting(std::string_view value);
std::optional<int64_t> rate_setting(std::string_view value);

// "limits.rate.user" as a JSON pointer.
std::string setting_pointer(std::string_view key);

}  // namespace stoa
