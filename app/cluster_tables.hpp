// The documents of /v1/cluster as a person reads them. Plain text; members that a document lacks are shown as "-".
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace stoa {

// `cluster` is GET /v1/cluster, `members` GET /v1/cluster/nodes, `placement` GET /v1/cluster/placement.
std::string status_text(const nlohmann::json& cluster, const nlohmann::json& members);
std::string shards_text(const nlohmann::json& cluster, const nlohmann::json& placement);

// What a change has begun: a line each; empty for none.
std::string changes_text(const nlohmann::json& change);

// What a node holds, by `members`; status "gone" for one that is not there.
struct Holding {
  std::string status = "gone";
  uint64_t replicas = 0;
  uint64_t leaving = 0;
};
Holding holding_of(const nlohmann::json& members, const std::string& node);

}  // namespace stoa
