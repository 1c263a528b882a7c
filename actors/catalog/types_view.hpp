// All that a node learns of the catalog in one look, and asks for several times a second.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "actors/catalog/types.hpp"
#include "actors/catalog/types_keys.hpp"
#include "actors/catalog/types_settings.hpp"

namespace stoa {

// Reply: CatalogView, with the parts that are newer than what the caller has.
struct WatchCatalog {
  static constexpr std::string_view kName = "WatchCatalog";
  uint64_t directory_version = 0;
  uint64_t settings_version = 0;
  uint64_t keys_version = 0;
};
template <class V>
void fields(V& v, WatchCatalog& x) {
  v(1, "directory_version", x.directory_version);
  v(2, "settings_version", x.settings_version);
  v(3, "keys_version", x.keys_version);
}

// Also the form in which a node keeps the last it has heard on its disk.
struct CatalogView {
  std::optional<Directory> directory;
  std::optional<SettingsView> settings;
  std::optional<KeysView> keys;
};
template <class V>
void fields(V& v, CatalogView& x) {
  v(1, "directory", x.directory);
  v(2, "settings", x.settings);
  v(3, "keys", x.keys);
}

}  // namespace stoa
