// The admin port's resources of dynamic configuration: /v1/config, its history, and the way back.
//
//   GET   /v1/config                    {"version", "set": [keys], "limits": {...}, "log": {...}, ...}, with an ETag
//   PATCH /v1/config                    a JSON merge patch (RFC 7396) of that document; null takes a setting back
//   GET   /v1/config/history?key=KEY    {"items": [{version, at, by, rolled_back_to, changes: [{key, from, to}]}]}
//   POST  /v1/config/rollback           {"version": N}
//
// Those that change something answer like GET, and honour If-Match with the version.
#pragma once

#include <string>
#include <vector>

#include "app/catalog_call.hpp"
#include "app/live_settings.hpp"
#include "gateway/admin_listener.hpp"

namespace stoa {

// Both outlive the routes.
std::vector<AdminRoute> config_routes(CatalogCaller& catalog, const LiveSettings& settings, const std::string& node);

}  // namespace stoa
