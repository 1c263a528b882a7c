// The documents that the gateway itself serves: OpenAPI, a page to try it, the state machines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/runtime/service.hpp"
#include "gateway/problem.hpp"
#include "gateway/route_table.hpp"

namespace stoa {

inline constexpr std::string_view kKeysPath = "/.well-known/jwks.json";

// OpenAPI 3.1, from the routes of the services.
std::string openapi_document(const std::vector<Service>& services, const ProblemTable& problems,
                             const std::string& version);

// {"machines": [{name, initial, transitions: [{from, command, to}]}]}
std::string state_machine_document(const std::vector<Service>& services);

std::vector<StaticPage> make_pages(const std::vector<Service>& services, const ProblemTable& problems,
                                   const std::string& version, const std::string& jwks);

}  // namespace stoa
