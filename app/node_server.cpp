#include "app/node_server.hpp"

#include <algorithm>
#include <csignal>

#include "actors/runtime/shard_host.hpp"
#include "actors/service_number.hpp"
#include "actors/services.hpp"
#include "app/version.hpp"
#include "base/log.hpp"
#include "cluster/clock_offset.hpp"
#include "cluster/transport/open_transport.hpp"
#include "gateway/secret_file.hpp"

namespace stoa {
namespace {

constexpr int64_t kDrainMs = 8000;  // contract §2: ten seconds to the end, and closing wants some of them
constexpr int64_t kHandOverEveryMs = 50;
constexpr int kTicksASecond = 10;

// Limits and keys come from the catalog.
GatewayOptions gateway_options(const Config& config, const NodeConfig& node) {
  GatewayOptions o;
  if (config.http_tls) o.https = HttpsFiles{config.http_tls->cert, config.http_tls->key};
  o.host = node.host;
  o.port = node.http_port;
  return o;
}

std::string clock_text(int64_t off_ms) {
  return "its clock is " + std::to_string(std::abs(off_ms) / 1000) + " s " + (off_ms > 0 ? "ahead of" : "behind") +
         " those of most nodes it is connected to: set it";
}

}  // namespace

NodeServer::NodeServer(const Config& config, const NodeConfig& node, Links links)
    : config_(config), node_(node), links_(links), services_(make_services()) {}

NodeServer::~NodeServer() {
  if (catalog_) catalog_->detach();
  gateway_.reset();
  admin_.reset();
  effects_.reset();  // its threads end before the loop they post to
}

Result<std::unique_ptr<NodeServer>> NodeServer::open(const Config& config, const NodeConfig& node, NodeData data,
                                                     Links links) {
  std::unique_ptr<NodeServer> server(new NodeServer(config, node, links));
  if (auto opened = server->open_parts(std::move(data)); !opened) return opened.error();
  return server;
}

Result<void> NodeServer::open_parts(NodeData data) {
  auto backend = Backend::open(config_, node_, std::move(data), services_, links_.open,
                               {[this](const JournalTurn& turn) { node_metrics_.journal_turn(turn); },
                                [this](const FlusherStep& step) { node_metrics_.flusher_step(step); }});
  if (!backend) return backend.error();
  backend_ = std::move(*backend);
  effects_ = std::make_unique<Effects>(keys_, backend_->loop());
  read_table_ = std::make_unique<ReadTable>(services_, backend_->counts());
  Backend::Hooks hooks;
  hooks.adapters = effects_->adapters();
  hooks.on_applying = [this](GroupId group, const WriteSet& writes) {
    read_table_->applying(group, writes);
    if (checker_) checker_->applying(group, writes);
  };
  hooks.on_open = [this](HostedShard& hosted) {
    node_metrics_.watch_shard(*hosted.shard);
    read_table_->serve(*hosted.shard);
  };
  hooks.on_tick = [this] { tick(); };
  if (auto booted = backend_->boot(std::move(hooks)); !booted) return booted.error();
  if (auto joined = join_cluster(); !joined) return joined.error();
  const Clock& clock = backend_->clock();
  checker_ = std::make_unique<InvariantChecker>(backend_->host(), clock);
  sampler_ = std::make_unique<ActorSampler>(node_.name, backend_->probes(), clock);
  authenticator_ = std::make_unique<TokenAuthenticator>(keys_, backend_->router(), clock);
  node_metrics_.watch(backend_->host(), backend_->probes(), *checker_, clock);
  metrics_.add(node_metrics_);
  return make_listeners();
}

Result<void> NodeServer::open_catalog() {
  CatalogClient::Parts parts{config_,
                             node_,
                             *backend_->data().disk,
                             backend_->router(),
                             backend_->clock(),
                             backend_->random(),
                             keys_,
                             [this] { return agent_->plan(); },
                             [this](const Directory& directory) { agent_->learn(directory); }};
  auto catalog = CatalogClient::open(std::move(parts));
  if (!catalog) return catalog.error();
  catalog_ = std::move(*catalog);
  return {};
}

Result<void> NodeServer::join_cluster() {
  agent_ = std::make_unique<ClusterAgent>(config_, node_, services_, *backend_);
  status_ = std::make_unique<ClusterStatus>(services_, backend_->host(), backend_->mesh(), backend_->clock(),
                                            [this] { return backend_->storage_low(); });
  shepherd_ = std::make_unique<Shepherd>(backend_->host(), backend_->mesh(), *status_, backend_->clock(),
                                         [this](const DirectoryGroup& group) { catalog_->settle(group); });
  agent_->ask_catalog_by([this](AdmitNode command, CatalogCaller::OnAnswer on_answer) {
    catalog_->admit(std::move(command), std::move(on_answer));
  });
  if (auto started = agent_->start(); !started) return started;
  if (auto opened = open_catalog(); !opened) return opened;
  if (!links_.open) return {};
  TransportOptions options;
  options.cluster = config_.cluster;
  options.node = node_.name;
  options.version = program_version();
  options.listen_host = cluster_bind_host(config_, node_, links_.insecure);
  options.listen_port = node_.cluster_port;
  options.insecure = links_.insecure;
  if (config_.tls) options.tls = TlsFiles{config_.tls->ca, config_.tls->cert, config_.tls->key};
  options.facts = [this] { return agent_->facts(); };
  if (auto linked = backend_->link(std::move(options)); !linked) return linked;
  agent_->connect();
  return {};
}

Result<void> NodeServer::make_listeners() {
  auto token = load_secret_file(node_.data + "/admin.token", backend_->random());
  if (!token) return token.error();
  access_log_ = std::make_unique<AccessLog>();
  gateway_ =
      std::make_unique<Gateway>(backend_->loop().context(), gateway_options(config_, node_),
                                GatewayParts{backend_->router(), services_, backend_->clock(), backend_->random(),
                                             *authenticator_, metrics_, access_log_.get(), read_table_.get()});
  catalog_->attach(*gateway_);
  AdminOptions admin;
  admin.host = node_.admin_host;
  admin.port = node_.admin_port;
  admin.token = *token;
  for (const Service& service : services_) {
    if (service.number == service_number::catalog) admin.refusals = service.refusals;
  }
  admin_ = std::make_unique<AdminListener>(
      backend_->loop().context(), admin, backend_->clock(), backend_->random(), metrics_,
      [this] { return readiness(); }, admin_routes());
  if (node_.gateway) {
    if (auto started = gateway_->start(); !started) return started;
  }
  return admin_->start();
}

// A gateway needs every shard; a node without one those that it holds, and the catalog.
bool NodeServer::needs(const ClusterShard& shard) const {
  if (node_.gateway || shard.service == service_name(service_number::catalog)) return true;
  return std::any_of(shard.replicas.begin(), shard.replicas.end(),
                     [&](const ClusterReplica& replica) { return replica.node == node_.name; });
}

std::optional<int64_t> NodeServer::clock_offset() const {
  return backend_->transport() == nullptr ? std::nullopt : clock_offset_ms(backend_->transport()->peers());
}

std::vector<Readiness> NodeServer::readiness() const {
  std::vector<Readiness> out;
  const std::string waits = agent_->waits_for();
  std::string formed = waits.empty() ? "the cluster is formed" : waits;
  if (waits.empty() && agent_->cut_off())
    formed += ", and no other member of it is connected: do they run, or was this node removed?";
  out.push_back({"formed", agent_->formed() && waits.empty(), std::move(formed)});
  for (const ClusterShard& shard : status_->document(agent_->directory(), stopping_).shards) {
    if (!needs(shard)) continue;
    out.push_back({"shard " + shard.service + "/" + std::to_string(shard.shard), shard.leader.has_value(),
                   shard.leader ? "is led by " + *shard.leader : "has no leader"});
  }
  const auto off_ms = clock_offset();
  out.push_back({"clock", !off_ms, off_ms ? clock_text(*off_ms) : "agrees with those of the other nodes"});
  out.push_back(catalog_->readiness());
  if (node_.gateway) out.push_back({"revocations", authenticator_->knows_revocations(), "who has logged out is known"});
  out.push_back({"prepared", prepared_, "logins and demo data are there"});
  out.push_back({"running", !stopping_, stopping_ ? "is stopping" : "takes requests"});
  return out;
}

std::vector<AdminRoute> NodeServer::admin_routes() {
  const auto json = [](std::function<std::string()> body) {
    return [body = std::move(body)](const AdminRequest&, const std::function<void(AdminResponse)>& reply) {
      reply({200, body() + "\n", "application/json"});
    };
  };
  std::vector<AdminRoute> routes = {
      {"GET", "/v1/cluster", json([this] { return to_json(status_->document(agent_->directory(), stopping_)); })},
      {"GET", "/v1/invariants", json([this] { return to_json(checker_->report()); })},
      {"GET", "/v1/inspect", json([this] { return actor_view_json(sampler_->view()); })}};
  for (AdminRoute& route : catalog_->admin_routes()) routes.push_back(std::move(route));
  return routes;
}

void NodeServer::tick() {
  agent_->tick();
  status_->tick(stopping_);
  if (!stopping_) shepherd_->tick(agent_->directory());
  checker_->step();
  authenticator_->tick();
  catalog_->tick();
  watch_clock();
  access_log_->flush();
  if (ticks_++ % kTicksASecond == 0) sampler_->sample();
}

void NodeServer::watch_clock() {
  const auto off_ms = clock_offset();
  if (off_ms && !clock_is_off_) log_error("this node is not ready", {{"why", clock_text(*off_ms)}});
  if (!off_ms && clock_is_off_) log_info("the clock agrees with those of the other nodes again");
  clock_is_off_ = off_ms.has_value();
}

Result<void> NodeServer::run(std::function<void()> begin) {
  boost::asio::io_context& context = backend_->loop().context();
  signals_ = std::make_unique<boost::asio::signal_set>(context, SIGTERM, SIGINT);
  signals_->async_wait([this](boost::system::error_code stopped, int) {
    if (!stopped) stop();
  });
  backend_->loop().post([this, begin = std::move(begin)] { catalog_->when_ready(begin); });
  backend_->run();
  return {};
}

void NodeServer::stop() {
  if (stopping_) return;
  stopping_ = true;
  log_info("stopping: finishing what is in flight");
  signals_->cancel();
  drain_timer_ =
      std::make_unique<boost::asio::steady_timer>(backend_->loop().context(), std::chrono::milliseconds(kDrainMs));
  drain_timer_->async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) close();
  });
  drained_ = !node_.gateway;
  if (node_.gateway) gateway_->drain([this] { drained_ = true; });
  hand_over_leads();
}

void NodeServer::close() {
  if (closed_) return;
  closed_ = true;
  drain_timer_->cancel();
  access_log_->flush();
  admin_->stop();
  backend_->close();
}

// Again and again until every request is answered and nothing is led that another could lead.
void NodeServer::hand_over_leads() {
  if (closed_) return;
  const bool leads = backend_->host().hand_over_leads();
  if (drained_ && !leads) return close();
  hand_over_timer_ = std::make_unique<boost::asio::steady_timer>(backend_->loop().context(),
                                                                 std::chrono::milliseconds(kHandOverEveryMs));
  hand_over_timer_->async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) hand_over_leads();
  });
}

}  // namespace stoa
