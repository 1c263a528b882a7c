#include "cluster/transport/open_transport.hpp"

#include <caf/detail/get_root_uuid.hpp>
#include <caf/io/all.hpp>
#include <csignal>

#include "base/id.hpp"
#include "base/log.hpp"
#include "cluster/transport/node_actor.hpp"
#include "cluster/transport/node_broker.hpp"
#include "cluster/transport/node_sockets.hpp"

// CAF names a node by its network cards and its process id, and two processes with the id 1 behind one card would be
// the same to it. The library asks for this part of the name, and the program's definition comes before the library's
// own.
std::string caf::detail::get_root_uuid() {
  stoa::SystemRandom random;
  return stoa::Uuid{random.u64(), random.u64()}.hex();
}

namespace stoa {
namespace {

class CafTransport final : public NodeTransport {
 public:
  CafTransport(NodeApi actor, uint16_t port)
      : handle_(std::move(actor)),
        actor_(static_cast<NodeActor&>(*caf::actor_cast<caf::abstract_actor*>(handle_))),
        port_(port) {}
  ~CafTransport() override { actor_.close(); }

  bool send(const std::string& node, std::string parcel) override {
    return actor_.send_parcel(node, std::move(parcel));
  }
  std::vector<PeerStatus> peers() const override { return actor_.peers(); }
  void set_peers(std::vector<PeerAddress> peers) override { actor_.set_peers(std::move(peers)); }
  void close() override { actor_.close(); }
  uint16_t port() const override { return port_; }

 private:
  const NodeApi handle_;
  NodeActor& actor_;
  const uint16_t port_;
};

bool is_loopback(const SocketAddress& address) {
  const std::string host = address.host();
  return host.compare(0, 4, "127.") == 0 || host == "::1";
}

Result<void> check_security(const TransportOptions& options) {
  const auto address = resolve(options.listen_host, options.listen_port);
  if (!address) return address.error();
  if (!options.tls && !options.insecure && !is_loopback(*address))
    return Error{"the cluster port may listen on " + options.listen_host + " only with tls"};
  return {};
}

}  // namespace

void prepare_transport(caf::actor_system_config& config, Loop& loop) {
  load_middleman(config, loop);
  config.add_message_types<caf::id_block::stoa_transport>();
  config.set("middleman.attach-utility-actors", true);  // no thread for an actor that we do not use
  config.set("middleman.workers", 0u);                  // the loop reads and decodes
  // CAF's own heartbeats end every connection that is not through its handshake at the next beat: ours do the watching.
  config.set("middleman.heartbeat-interval", caf::timespan{0});
}

Result<std::unique_ptr<NodeTransport>> open_transport(caf::actor_system& system, Loop& loop, TransportOptions options,
                                                      TransportPort& port, const Clock& clock, Random& random,
                                                      ProbeRegistry& probes) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  if (auto secure = check_security(options); !secure) return secure.error();
  std::optional<TlsContext> tls;
  if (options.tls) {
    auto loaded = TlsContext::load(*options.tls);
    if (!loaded) return loaded.error();
    tls = std::move(*loaded);
    if (!names_match(tls->own_names(), {options.node, options.listen_host})) {
      log_warn("the other nodes may refuse this node's certificate",
               {{"node", options.node}, {"certificate", options.tls->cert}, {"names", joined(tls->own_names())}});
    }
  }
  auto& multiplexer = LoopMultiplexer::of(system);
  auto connections = caf::make_counted<Connections>(clock, std::move(tls));
  auto listening = listen_on(multiplexer, connections, options.listen_host, options.listen_port);
  if (!listening) return listening.error();
  options.listen_port = listening->port;
  const caf::actor broker = system.middleman().named_broker<NodeBroker>(caf::atom("BASP"));
  NodeApi actor = system.spawn<NodeActor, caf::lazy_init>(
      caf::make_counted<NodeSeat>(loop, system, probes),
      NodeParts{loop, std::move(options), connections, broker, multiplexer, port, clock, random});
  caf::anon_send(actor, NodeTick{});  // wakes it; it begins to tick by itself
  caf::anon_send(broker, caf::publish_atom_v, std::move(listening->doorman), listening->port,
                 caf::actor_cast<caf::strong_actor_ptr>(actor), std::set<std::string>{});
  return std::unique_ptr<NodeTransport>(new CafTransport(std::move(actor), listening->port));
}

}  // namespace stoa
