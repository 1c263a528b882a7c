// Settings that change while the cluster runs: what may be asked of the catalog about them. Their names, bounds and
// meanings: actors/catalog/settings.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/outcome.hpp"
#include "base/record.hpp"

namespace stoa {

struct SettingWish {
  std::string key;                   // "limits.max_in_flight"
  std::optional<std::string> value;  // as text; none: as the configuration file says
};
template <class V>
void fields(V& v, SettingWish& x) {
  v(1, "key", x.key);
  v(2, "value", x.value);
}

// All of them or none, as one version. Reply: SettingsView.
struct SetSettings {
  static constexpr std::string_view kName = "SetSettings";
  std::vector<SettingWish> wishes;
  std::optional<uint64_t> if_version;  // stale_version when the settings have another version by now
  std::string by;
};
template <class V>
void fields(V& v, SetSettings& x) {
  v(1, "wishes", x.wishes);
  v(2, "if_version", x.if_version);
  v(3, "by", x.by);
}

// All settings become what they were at `version`, as a new version; 0: before the first. Reply: SettingsView.
struct RollbackSettings {
  static constexpr std::string_view kName = "RollbackSettings";
  uint64_t version = 0;
  std::optional<uint64_t> if_version;
  std::string by;
};
template <class V>
void fields(V& v, RollbackSettings& x) {
  v(1, "version", x.version);
  v(2, "if_version", x.if_version);
  v(3, "by", x.by);
}

// Reply: SettingsView.
struct ReadSettings {
  static constexpr std::string_view kName = "ReadSettings";
  uint64_t since_version = 0;
};
template <class V>
void fields(V& v, ReadSettings& x) {
  v(1, "since_version", x.since_version);
}

struct SettingsView {
  bool unchanged = false;                     // `since_version` is the newest: the values are left out
  uint64_t version = 0;                       // 0: nothing was ever set
  std::map<std::string, std::string> values;  // only what was set
};
template <class V>
void fields(V& v, SettingsView& x) {
  v(1, "unchanged", x.unchanged);
  v(2, "version", x.version);
  v(3, "values", x.values);
}

struct SettingChange {
  std::string key;
  std::optional<std::string> from;  // none: was not set
  std::optional<std::string> to;
};
template <class V>
void fields(V& v, SettingChange& x) {
  v(1, "key", x.key);
  v(2, "from", x.from);
  v(3, "to", x.to);
}

struct SettingsVersion {
  uint64_t version = 0;
  Time at;
  std::string by;
  std::optional<uint64_t> rolled_back_to;
  std::vector<SettingChange> changes;
};
template <class V>
void fields(V& v, SettingsVersion& x) {
  v(1, "version", x.version);
  v(2, "at", x.at);
  v(3, "by", x.by);
  v(4, "rolled_back_to", x.rolled_back_to);
  v(5, "changes", x.changes);
}

// The versions that changed `key`, the newest first, as JSON; all versions for an empty key.
struct ListSettingsHistory {
  static constexpr std::string_view kName = "ListSettingsHistory";
  std::string key;
};
template <class V>
void fields(V& v, ListSettingsHistory& x) {
  v(1, "key", x.key);
}

struct SettingsHistory {
  std::vector<SettingsVersion> items;
};
template <class V>
void fields(V& v, SettingsHistory& x) {
  v(1, "items", x.items);
}

}  // namespace stoa
