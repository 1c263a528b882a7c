// A node as a process runs it: backend, gateway, admin listener, put together, served until a signal, drained, closed.
#pragma once

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/user/key_ring.hpp"
#include "app/access_log.hpp"
#include "app/backend.hpp"
#include "app/catalog_client.hpp"
#include "app/cluster_agent.hpp"
#include "app/cluster_document.hpp"
#include "app/effects.hpp"
#include "app/invariant_checker.hpp"
#include "app/node_config.hpp"
#include "app/node_metrics.hpp"
#include "app/read_table.hpp"
#include "app/shepherd.hpp"
#include "app/token_authenticator.hpp"
#include "gateway/admin_listener.hpp"
#include "gateway/gateway.hpp"
#include "inspector/actor_view.hpp"

namespace stoa {

class NodeServer {
 public:
  struct Links {
    bool open = false;      // the cluster port, to meet other nodes
    bool insecure = false;  // without TLS beyond loopback too
  };
  // Opens everything that the node needs; blocks. The error is one line for a person.
  static Result<std::unique_ptr<NodeServer>> open(const Config& config, const NodeConfig& node, NodeData data,
                                                  Links links);
  ~NodeServer();

  // `begin` runs on the loop once the listeners are open and the keys are there: it seeds, and then calls ready().
  // Blocks until a signal has ended the node.
  Result<void> run(std::function<void()> begin);
  // What the node still waited for is done: /readyz may say so.
  void ready() { prepared_ = true; }
  // Ends the node as a signal would. On the loop.
  void stop();

  Backend& backend() { return *backend_; }
  Effects& effects() { return *effects_; }
  uint16_t http_port() const { return gateway_->port(); }
  uint16_t admin_port() const { return admin_->port(); }

 private:
  NodeServer(const Config& config, const NodeConfig& node, Links links);
  Result<void> open_parts(NodeData data);
  Result<void> open_catalog();
  Result<void> join_cluster();
  void hand_over_leads();
  void close();
  Result<void> make_listeners();
  bool needs(const ClusterShard& shard) const;
  std::optional<int64_t> clock_offset() const;
  void watch_clock();
  std::vector<Readiness> readiness() const;
  std::vector<AdminRoute> admin_routes();
  void tick();

  const Config config_;
  const NodeConfig node_;
  const Links links_;
  const std::vector<Service> services_;
  Metrics metrics_;
  NodeMetrics node_metrics_;
  user::KeyRing keys_;
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<ReadTable> read_table_;
  std::unique_ptr<CatalogClient> catalog_;
  std::unique_ptr<Effects> effects_;
  std::unique_ptr<TokenAuthenticator> authenticator_;
  std::unique_ptr<ClusterAgent> agent_;
  std::unique_ptr<ClusterStatus> status_;
  std::unique_ptr<Shepherd> shepherd_;
  std::unique_ptr<InvariantChecker> checker_;
  std::unique_ptr<ActorSampler> sampler_;
  std::unique_ptr<AccessLog> access_log_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<AdminListener> admin_;
  std::unique_ptr<boost::asio::signal_set> signals_;
  std::unique_ptr<boost::asio::steady_timer> drain_timer_, hand_over_timer_;
  bool prepared_ = false;
  bool stopping_ = false;
  bool closed_ = false;
  bool drained_ = false;
  bool clock_is_off_ = false;
  int ticks_ = 0;
};

}  // namespace stoa
