#include "app/cluster_tables.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "actors/service_number.hpp"
#include "app/admin_tool.hpp"

namespace stoa {
namespace {

using nlohmann::json;
using Row = std::vector<std::string>;

json list(const json& document, const char* name) { return document.value(name, json::array()); }

std::string text(const json& object, const char* name) {
  const json value = object.value(name, json());
  if (value.is_null()) return "-";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

uint64_t number(const json& object, const char* name) {
  const json value = object.value(name, json());
  return value.is_number_unsigned() ? value.get<uint64_t>() : 0;
}

std::string joined(const json& names) {
  std::string out;
  for (const json& name : names) out += (out.empty() ? "" : " ") + name.get<std::string>();
  return out.empty() ? "-" : out;
}

std::string shard_name(const json& shard) { return text(shard, "service") + "/" + text(shard, "shard"); }

// "n1:leader n2:follower(-3)": how far behind the leader each has applied.
std::string replicas_text(const json& shard) {
  std::string out;
  for (const json& r : list(shard, "replicas")) {
    const uint64_t applied = number(r, "applied"), newest = number(shard, "applied");
    out += (out.empty() ? "" : " ") + text(r, "node") + ":" + text(r, "role");
    if (applied < newest) out += "(-" + std::to_string(newest - applied) + ")";
  }
  return out.empty() ? "-" : out;
}

}  // namespace

std::string status_text(const json& cluster, const json& members) {
  std::map<std::string, std::string> seen;
  for (const json& n : list(cluster, "nodes")) seen[text(n, "name")] = text(n, "status");
  std::map<std::string, uint64_t> leads;
  uint64_t without = 0;
  for (const json& s : list(cluster, "shards")) {
    if (s.value("leader", json()).is_null())
      ++without;
    else
      ++leads[text(s, "leader")];
  }
  std::string out = "cluster " + text(members, "cluster") + ": " + std::to_string(list(cluster, "shards").size()) +
                    " shards, " + std::to_string(without) + " without a leader, " +
                    std::to_string(number(members, "moving")) + " on the move\n";
  std::vector<Row> rows = {
      {"NODE", "MEMBER", "SEEN", "HOST", "HTTP", "ADMIN", "CLUSTER", "REPLICAS", "LEAVING", "LEADS"}};
  for (const json& n : list(members, "nodes")) {
    const std::string name = text(n, "name");
    rows.push_back({name, text(n, "status"), seen.count(name) > 0 ? seen[name] : "-", text(n, "host"),
                    text(n, "http_port"), text(n, "admin_port"), text(n, "cluster_port"), text(n, "replicas"),
                    text(n, "leaving"), std::to_string(leads[name])});
  }
  return out + table_text(rows);
}

std::string shards_text(const json& cluster, const json& placement) {
  std::map<std::string, json> seen;
  for (const json& s : list(cluster, "shards")) seen[shard_name(s)] = s;
  std::vector<Row> rows = {{"SHARD", "LEADER", "TERM", "APPLIED", "REPLICAS", "WANTED ON", "STATE", "WHY"}};
  for (const json& p : list(placement, "shards")) {
    const json s = seen.count(shard_name(p)) > 0 ? seen[shard_name(p)] : json::object();
    std::string state = p.value("settled", false) ? "settled" : "moving";
    if (p.value("pinned", false)) state += ", by hand";
    if (!list(p, "leaving").empty()) state += ", leaving " + joined(list(p, "leaving"));
    rows.push_back({shard_name(p), text(s, "leader"), text(s, "term"), text(s, "applied"), replicas_text(s),
                    joined(list(p, "nodes")), state, text(p, "reason")});
  }
  return table_text(rows);
}

std::string changes_text(const json& change) {
  std::string out;
  for (const json& c : list(change, "changes")) {
    const std::string from = text(c, "from"), to = text(c, "to");
    const auto service = static_cast<uint16_t>(number(c, "service"));
    out += "  " + std::string(service_name(service)) + "/" + text(c, "shard") + ": " + (from.empty() ? "new" : from) +
           " -> " + (to.empty() ? "dropped" : to) + " (" + text(c, "reason") + ")\n";
  }
  return out;
}

Holding holding_of(const json& members, const std::string& node) {
  for (const json& n : list(members, "nodes")) {
    if (text(n, "name") == node) return {text(n, "status"), number(n, "replicas"), number(n, "leaving")};
  }
  return {};
}

}  // namespace stoa
