// The transport of a real node: CAF remote actors over a middleman of our own, as docs/transport.md tells.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "cluster/transport.hpp"
#include "cluster/transport/tls.hpp"

namespace caf {
class actor_system;
class actor_system_config;
}  // namespace caf

namespace stoa {

class Loop;
class ProbeRegistry;

struct TransportOptions {
  std::string cluster;
  std::string node;
  std::string version;  // of the program
  std::string listen_host = "127.0.0.1";
  uint16_t listen_port = 0;     // 0: a free one
  std::optional<TlsFiles> tls;  // none: in the clear, and on loopback alone unless insecure
  bool insecure = false;
  uint32_t protocol = kClusterProtocol;
  std::function<std::string()> facts = [] { return std::string(); };  // said in every hello; on the loop
};

class NodeTransport : public Transport {
 public:
  virtual uint16_t port() const = 0;
};

// What an actor system needs to open a transport: its middleman and message types. Before the system is made.
void prepare_transport(caf::actor_system_config& config, Loop& loop);

// One for each system. Listens, and connects to nobody before set_peers(). The system, loop, port, clock, random and
// probes outlive the transport; loop, clock and probes outlive the system too. `random` belongs to the loop's thread.
// Ignores SIGPIPE from here on. On the loop, or before it runs. close() it on the loop before the system is left to
// end.
Result<std::unique_ptr<NodeTransport>> open_transport(caf::actor_system& system, Loop& loop, TransportOptions options,
                                                      TransportPort& port, const Clock& clock, Random& random,
                                                      ProbeRegistry& probes);

}  // namespace stoa
