#include "app/admin_cluster.hpp"

#include <algorithm>

#include "actors/catalog/types.hpp"
#include "base/json.hpp"
#include "gateway/problem.hpp"
#include "gateway/query_string.hpp"

namespace stoa {

struct NodeBody {
  std::string name;
  std::string host;
  uint32_t cluster_port = 0;
  uint32_t http_port = 0;
  uint32_t admin_port = 0;
  std::optional<std::vector<std::string>> services;
  std::optional<bool> gateway;
  std::optional<std::string> cluster;
  std::optional<std::vector<ServiceShards>> shards;
};
template <class V>
void fields(V& v, NodeBody& x) {
  v(1, "name", x.name, within(1, 63));
  v(2, "host", x.host, within(1, 255));
  v(3, "cluster_port", x.cluster_port, within(1, 65535));
  v(4, "http_port", x.http_port, within(1, 65535));
  v(5, "admin_port", x.admin_port, within(1, 65535));
  v(6, "services", x.services);
  v(7, "gateway", x.gateway);
  v(8, "cluster", x.cluster);
  v(9, "shards", x.shards);
}

struct MoveBody {
  std::string service;
  int64_t shard = 0;
  std::string from;
  std::string to;
};
template <class V>
void fields(V& v, MoveBody& x) {
  v(1, "service", x.service);
  v(2, "shard", x.shard, within(0, 4095));
  v(3, "from", x.from);
  v(4, "to", x.to);
}

namespace {

using Reply = std::function<void(AdminResponse)>;

constexpr uint16_t kMostServices = 64;

AdminResponse refusal(Answer answer) {
  AdminResponse response;
  response.refusal = std::move(answer);
  return response;
}

// The answer's body is the document.
CatalogCaller::OnAnswer pass_on(Reply reply) {
  return [reply = std::move(reply)](const Answer& answer) {
    if (answer.refused()) return reply(refusal(answer));
    if (answer.body.empty()) return reply({204, "", ""});
    reply({200, answer.body + "\n"});
  };
}

std::vector<std::string> all_services() {
  std::vector<std::string> names;
  for (uint16_t number = 1; number < kMostServices; ++number) {
    if (const auto name = service_name(number); !name.empty()) names.emplace_back(name);
  }
  return names;
}

// nullopt: refused already.
template <class B>
std::optional<B> body_of(const std::string& text, const Reply& reply) {
  const auto json = parse_json(text);
  if (!json) return reply(refusal(problem("malformed_json", json.error().what))), std::nullopt;
  std::vector<FieldError> faults;
  B body = from_json<B>(*json, faults);
  if (!faults.empty())
    return reply(refusal(problem("validation_failed", "the body does not fit", faults))), std::nullopt;
  return body;
}

void join(CatalogCaller& catalog, const std::string& by, const AdminRequest& request, Reply reply) {
  const auto body = body_of<NodeBody>(request.body, reply);
  if (!body) return;
  JoinNode command;
  command.node.name = body->name;
  command.node.host = body->host;
  command.node.cluster_port = body->cluster_port;
  command.node.http_port = body->http_port;
  command.node.admin_port = body->admin_port;
  command.node.services = body->services.value_or(all_services());
  command.node.gateway = body->gateway.value_or(true);
  command.by = by;
  command.cluster = body->cluster.value_or("");
  command.shards = body->shards.value_or(std::vector<ServiceShards>());
  catalog.command(UserRole::kAdmin, std::move(command), pass_on(std::move(reply)));
}

void remove(CatalogCaller& catalog, const std::string& by, const AdminRequest& request, Reply reply) {
  QueryString asked = parse_query(request.query, {"force"});
  const std::string force = asked.values.count("force") > 0 ? asked.values["force"] : "false";
  if (force != "true" && force != "false") asked.faults.push_back({"/query/force", "invalid_value", "true or false"});
  if (!asked.faults.empty())
    return reply(refusal(problem("validation_failed", "the query cannot be so", asked.faults)));
  catalog.command(UserRole::kAdmin, RemoveNode{request.values.at(0), force == "true", by}, pass_on(std::move(reply)));
}

void move(CatalogCaller& catalog, const std::string& by, const AdminRequest& request, Reply reply) {
  const auto body = body_of<MoveBody>(request.body, reply);
  if (!body) return;
  for (uint16_t number = 0; number < kMostServices; ++number) {
    if (service_name(number) != body->service || body->service.empty()) continue;
    MoveReplica command{number, static_cast<uint32_t>(body->shard), body->from, body->to, by};
    return catalog.command(UserRole::kAdmin, std::move(command), pass_on(std::move(reply)));
  }
  reply(refusal(problem("validation_failed", "the body does not fit",
                        {{"/service", "invalid_value", "there is no service \"" + body->service + "\""}})));
}

template <class Document>
AdminRoute directory_route(const char* path, CatalogCaller& catalog, Document (*document)(const Directory&)) {
  return {"GET", path, [&catalog, document](const AdminRequest&, Reply reply) {
            catalog.query(UserRole::kAdmin, ReadDirectory{}, [document, reply](const Answer& answer) {
              if (answer.refused()) return reply(refusal(answer));
              reply({200, to_json(document(decode_stored<DirectoryView>(answer.body).directory)) + "\n"});
            });
          }};
}

std::string keys_document(const KeysView& view) {
  nlohmann::ordered_json keys = nlohmann::ordered_json::array();
  const auto time = [](Time t) -> nlohmann::ordered_json {
    if (t == Time{0}) return nullptr;
    return to_rfc3339(t);
  };
  for (const SharedSigningKey& k : view.keys) {
    nlohmann::ordered_json key;
    key["id"] = k.key.id;
    key["added"] = time(k.added);
    key["use_from"] = time(k.use_from);
    key["until"] = time(k.until);
    key["master_key"] = k.key.sealed_by;
    keys.push_back(std::move(key));
  }
  return nlohmann::ordered_json{{"version", view.version}, {"keys", keys}}.dump() + "\n";
}

std::vector<AdminRoute> node_routes(CatalogCaller& catalog, const std::string& by) {
  return {{"POST", "/v1/cluster/nodes",
           [&catalog, by](const AdminRequest& r, Reply reply) { join(catalog, by, r, std::move(reply)); }},
          {"POST", "/v1/cluster/nodes/{name}/drain",
           [&catalog, by](const AdminRequest& r, Reply reply) {
             catalog.command(UserRole::kAdmin, DrainNode{r.values.at(0), by}, pass_on(std::move(reply)));
           }},
          {"POST", "/v1/cluster/nodes/{name}/undrain",
           [&catalog, by](const AdminRequest& r, Reply reply) {
             catalog.command(UserRole::kAdmin, UndrainNode{r.values.at(0), by}, pass_on(std::move(reply)));
           }},
          {"DELETE", "/v1/cluster/nodes/{name}",
           [&catalog, by](const AdminRequest& r, Reply reply) { remove(catalog, by, r, std::move(reply)); }},
          {"POST", "/v1/cluster/moves",
           [&catalog, by](const AdminRequest& r, Reply reply) { move(catalog, by, r, std::move(reply)); }},
          {"POST", "/v1/cluster/rebalance", [&catalog, by](const AdminRequest&, Reply reply) {
             catalog.command(UserRole::kAdmin, RebalanceGroups{by}, pass_on(std::move(reply)));
           }}};
}

}  // namespace

MembersDocument members_document(const Directory& directory) {
  MembersDocument out;
  out.version = directory.version;
  out.cluster = directory.cluster;
  for (const DirectoryNode& n : directory.nodes) {
    out.nodes.push_back(
        {n.name, status_of(n), n.host, n.cluster_port, n.http_port, n.admin_port, n.services, n.gateway, 0, 0});
  }
  for (const DirectoryGroup& group : directory.groups) {
    out.moving += group.settled ? 0 : 1;
    for (MemberRow& row : out.nodes) {
      const auto is_here = [&](const DirectoryReplica& r) { return r.node == row.name; };
      row.replicas += static_cast<uint64_t>(std::count_if(group.replicas.begin(), group.replicas.end(), is_here));
      row.leaving += static_cast<uint64_t>(std::count_if(group.leaving.begin(), group.leaving.end(), is_here));
    }
  }
  return out;
}

PlacementDocument placement_document(const Directory& directory) {
  PlacementDocument out;
  out.version = directory.version;
  for (const DirectoryGroup& group : directory.groups) {
    PlacementRow row;
    row.service = service_name(group.id().service);
    row.shard = group.shard;
    row.epoch = group.epoch;
    row.settled = group.settled;
    row.pinned = group.pinned;
    for (const DirectoryReplica& r : group.replicas) row.nodes.push_back(r.node);
    for (const DirectoryReplica& r : group.leaving) row.leaving.push_back(r.node);
    row.reason = group.reason;
    out.shards.push_back(std::move(row));
  }
  return out;
}

std::vector<AdminRoute> cluster_routes(CatalogCaller& catalog, KeyKeeper& keeper, const std::string& node) {
  const std::string by = "the admin token of " + node;
  std::vector<AdminRoute> routes = node_routes(catalog, by);
  routes.push_back(directory_route("/v1/cluster/nodes", catalog, members_document));
  routes.push_back(directory_route("/v1/cluster/placement", catalog, placement_document));
  routes.push_back({"GET", "/v1/cluster/audit", [&catalog](const AdminRequest&, Reply reply) {
                      catalog.query(UserRole::kAdmin, ListAudit{}, pass_on(std::move(reply)));
                    }});
  routes.push_back({"GET", "/v1/cluster/keys", [&keeper](const AdminRequest&, const Reply& reply) {
                      reply({200, keys_document(keeper.view())});
                    }});
  routes.push_back({"POST", "/v1/cluster/keys/rotate",
                    [&keeper, by](const AdminRequest&, Reply reply) { keeper.rotate(by, pass_on(std::move(reply))); }});
  routes.push_back({"POST", "/v1/cluster/keys/replace", [&keeper, by](const AdminRequest&, Reply reply) {
                      keeper.replace(by, pass_on(std::move(reply)));
                    }});
  return routes;
}

}  // namespace stoa
