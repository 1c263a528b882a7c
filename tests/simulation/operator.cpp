#include "tests/simulation/operator.hpp"

#include <algorithm>
#include <vector>

#include "actors/catalog/types.hpp"
#include "tests/simulation/survey.hpp"

namespace stoa::whole {
namespace {

constexpr int64_t kPatienceMs = 6'000;  // a node gives the catalog five seconds
constexpr int64_t kHeedLossMs = 3'000;  // until all that run know
constexpr const char* kNodes = "/v1/cluster/nodes";
constexpr const char* kNode = "/v1/cluster/nodes/{name}";
constexpr const char* kDrain = "/v1/cluster/nodes/{name}/drain";
constexpr const char* kUndrain = "/v1/cluster/nodes/{name}/undrain";

// `route` as the routes are named.
AdminRequest request_of(const char* method, const char* route, std::string body, std::vector<std::string> values = {}) {
  return {method, route, "", std::move(body), std::move(values)};
}

bool is_refused(const AdminResponse& response, std::string_view code) {
  return response.refusal && response.refusal->code == code;
}

}  // namespace

void Operator::note(const AdminRequest& request) {
  if (request.path == kDrain) shrinks_until_ms_ = cluster_.schedule().now_ms() + kPatienceMs + kHeedLossMs;
}

void Operator::ask(const AdminRequest& request, const Heard& heard) {
  note(request);
  cluster_.operate(any(), request, [heard](const AdminResponse* response) {
    if (response != nullptr) heard(*response);
  });
}

void Operator::heed_loss() { heeds_loss_until_ms_ = cluster_.schedule().now_ms() + kHeedLossMs; }

void Operator::act() {
  const uint64_t what = cluster_.schedule().random().below(10);
  const auto counted = [this](const AdminResponse& response) { count(response); };
  if (what < 6) {
    const auto& shards = cluster_.config().shards;
    auto service = shards.begin();
    std::advance(service, static_cast<std::ptrdiff_t>(cluster_.schedule().random().below(shards.size())));
    const uint64_t shard = cluster_.schedule().random().below(service->second);
    const std::string body = R"({"service":")" + service->first + R"(","shard":)" + std::to_string(shard) +
                             R"(,"from":")" + cluster_.name(any()) + R"(","to":")" + cluster_.name(any()) + "\"}";
    return ask(request_of("POST", "/v1/cluster/moves", body), counted);
  }
  if (what == 6) return ask(request_of("POST", "/v1/cluster/rebalance", "{}"), counted);
  const std::string node = cluster_.name(any());
  if (what < 8) {
    if (heeds_loss()) return;
    draining_.insert(node);
    return ask(request_of("POST", kDrain, "{}", {node}), counted);
  }
  if (draining_.empty()) return;
  ask(request_of("POST", kUndrain, "{}", {*draining_.begin()}), counted);
  draining_.erase(draining_.begin());
}

// ---- members

void Operator::later(std::function<void()> step) {
  cluster_.schedule().after(cluster_.schedule().between(100, 500), std::move(step));
}

void Operator::insist(const AdminRequest& request, const Heard& heard) {
  note(request);
  const uint64_t attempt = ++attempt_;
  const auto again = [this, request, heard, attempt] {
    if (attempt == attempt_) insist(request, heard);
  };
  cluster_.operate(any(), request, [this, again, heard, attempt](const AdminResponse* response) {
    if (attempt != attempt_) return;
    const bool nobody = response == nullptr || is_refused(*response, "unavailable") ||
                        is_refused(*response, "overloaded") || is_refused(*response, "storage_full") ||
                        is_refused(*response, "not_formed") || is_refused(*response, "draining");
    if (nobody) return later(again);
    ++attempt_;
    heard(*response);
  });
  cluster_.schedule().after(kPatienceMs, again);
}

bool Operator::change_members(bool may_lose_one) {
  if (busy_ || !newest_directory(cluster_).formed()) return false;
  const size_t members = cluster_.size() - cluster_.retired_count();
  const bool grow = members <= 2 || (members <= cluster_.config().nodes.size() && cluster_.schedule().chance(60));
  if (grow) return join(), false;
  const size_t number = any();
  if (cluster_.retired(number)) return false;
  if (heeds_loss()) return false;
  busy_ = true;
  if (!may_lose_one || may_shrink() || !may_lose(cluster_, number) || !cluster_.schedule().chance(40))
    return take_away(number), false;
  doing_ = "removes " + cluster_.name(number) + ", which is lost";
  cluster_.end(number, Cluster::End::kPowerCut);
  cluster_.retire(number);
  heed_loss();
  remove(number, true);
  return true;
}

// A new node, or one under a name that is free again, with a new disk.
void Operator::join() {
  busy_ = true;
  size_t number = 0;
  while (number < cluster_.size() && !cluster_.retired(number)) ++number;
  if (number == cluster_.size() || cluster_.schedule().chance(50)) {
    number = cluster_.add();
  } else {
    cluster_.take_back(number);
  }
  doing_ = "lets " + cluster_.name(number) + " join";
  if (cluster_.schedule().chance(50)) cluster_.start(number);
  ask_to_join(number);
}

void Operator::ask_to_join(size_t number) {
  const NodeConfig& node = cluster_.node_config(number);
  std::string services;
  for (const std::string& service : node.services) services += (services.empty() ? "\"" : ",\"") + service + "\"";
  const std::string body = R"({"name":")" + node.name + R"(","host":")" + node.host + R"(","cluster_port":)" +
                           std::to_string(node.cluster_port) + R"(,"http_port":8080,"admin_port":9090,"services":[)" +
                           services + "]}";
  insist(request_of("POST", kNodes, body), [this, number](const AdminResponse& response) {
    if (response.refusal) return later([this, number] { ask_to_join(number); });  // its last replicas are going
    ++joins_;
    cluster_.start(number);
    busy_ = false;
  });
}

void Operator::take_away(size_t number) {
  doing_ = "takes " + cluster_.name(number) + " away";
  if (heeds_loss()) return later([this, number] { take_away(number); });
  insist(request_of("POST", kDrain, "{}", {cluster_.name(number)}), [this, number](const AdminResponse& response) {
    if (response.refusal) {  // what it holds nobody else could
      busy_ = false;
    } else {
      later([this, number] { remove(number, false); });
    }
  });
}

void Operator::remove(size_t number, bool lost) {
  AdminRequest request = request_of("DELETE", kNode, "", {cluster_.name(number)});
  if (lost) request.query = "force=true";
  insist(request, [this, number, lost](const AdminResponse& response) {
    const bool gone = !response.refusal || is_refused(response, "not_found");
    if (gone) return removed(number);
    if (lost) cluster_.findings().add("progress: a lost node is not removed: " + response.refusal->detail);
    later([this, number] { take_away(number); });  // it still holds something
  });
}

void Operator::removed(size_t number) {
  ++removals_;
  draining_.erase(cluster_.name(number));
  cluster_.end(number, Cluster::End::kStopped);
  cluster_.retire(number);
  busy_ = false;
}

}  // namespace stoa::whole
