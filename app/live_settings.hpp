// The settings as a node goes by them: what the catalog holds, over what the configuration file says.
#pragma once

#include <map>
#include <string>

#include "actors/catalog/types_settings.hpp"
#include "base/log.hpp"
#include "cluster/config.hpp"
#include "gateway/gateway_options.hpp"

namespace stoa {

class LiveSettings {
 public:
  explicit LiveSettings(const Config& config);

  void learn(const SettingsView& view) { set_ = view.values; }

  // REQUIRES a key of settings_schema().
  std::string value(const std::string& key) const;
  bool is_set(const std::string& key) const { return set_.count(key) > 0; }

  GatewayLimits gateway_limits() const;
  LogLevel log_level() const;
  int64_t rotate_after_hours() const;

 private:
  std::map<std::string, std::string> file_;
  std::map<std::string, std::string> set_;
};

}  // namespace stoa
