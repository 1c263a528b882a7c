// The actor that stands for a node among the others: greets and is greeted, seeks its peers and keeps count of what is
// under way. It is published at the cluster port and pinned to the owner's loop, so that all of the transport's state
// belongs to one thread.
#pragma once

#include <caf/all.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cluster/inspected.hpp"
#include "cluster/transport/connections.hpp"
#include "cluster/transport/log_limit.hpp"
#include "cluster/transport/node_api.hpp"
#include "cluster/transport/open_transport.hpp"
#include "cluster/transport/peer_link.hpp"
#include "cluster/transport/resolver.hpp"

namespace stoa {

class LoopMultiplexer;

// What must live as long as the actor, which messages of the network keep alive.
struct NodeSeat final : caf::ref_counted {
  NodeSeat(Loop& loop, caf::actor_system& system, ProbeRegistry& probes)
      : unit(loop, system), probe(probes, "node", "", -1) {}
  LoopUnit unit;
  Probe probe;
};

struct NodeParts {
  Loop& loop;
  TransportOptions options;
  ConnectionsPtr connections;
  caf::actor broker;  // CAF's, of remote messages
  LoopMultiplexer& multiplexer;
  TransportPort& port;
  const Clock& clock;
  Random& random;
};

class NodeActor final : public Inspected<NodeApi::base> {
 public:
  static constexpr int64_t kTickMs = 200;      // of heartbeats and of looking at the clock
  static constexpr int64_t kSilentMs = 1000;   // a peer that was not heard for so long is lost
  static constexpr int64_t kConnectMs = 2000;  // from the first packet to the peer's welcome
  static constexpr int64_t kCloseMs = 2000;
  static constexpr size_t kAcknowledgeBytes = 1 << 20;  // at once; less waits for a tick

  NodeActor(caf::actor_config& config, caf::intrusive_ptr<NodeSeat> seat, NodeParts parts);

  behavior_type make_behavior() override;
  void on_exit() override;
  // Without this actor the node would live on, cut off from all others for good: an exception ends the process, and
  // what would end the actor alone, which anyone may send who gets a connection, does nothing until it is closed.
  caf::invoke_message_result consume(caf::mailbox_element& what) noexcept override;

  // ---- the transport's calls, on the loop ----
  bool send_parcel(const std::string& node, std::string parcel);
  std::vector<PeerStatus> peers() const;
  void set_peers(std::vector<PeerAddress> peers);
  // No call of the port comes any more; the actor ends in a later turn.
  void close();

 private:
  using State = PeerLink::State;

  // Messages.
  caf::result<Welcome> greeted(const Greeting& greeting);
  void beaten(const Heartbeat& beat);
  void arrived(Parcel& parcel);
  void acknowledged(const Acknowledgement& message);
  void ticked(const NodeTick& tick);
  void went_down(const caf::down_msg& down);

  // Connecting.
  void seek(PeerLink& peer);
  void call(PeerLink& peer, const SocketAddress& address);
  void reached(PeerLink& peer, caf::strong_actor_ptr actor);
  void welcomed(PeerLink& peer, const Welcome& welcome, int64_t asked_ns);
  Welcome judge(const caf::strong_actor_ptr& actor, const Hello& hello, const Greeting& greeting,
                const std::string& host, uint16_t port);

  // A peer's states.
  void step(PeerLink& peer, bool late);
  void watch(PeerLink& peer, bool late);
  void beat(PeerLink& peer);
  void acknowledge(PeerLink& peer);
  void up(PeerLink& peer, Hello hello);
  void lost(PeerLink& peer, const std::string& why);
  void failed(PeerLink& peer, const std::string& why, int64_t most_wait_ms);
  std::string why_of(const PeerLink& peer) const;
  void close_connection(PeerLink& peer, const std::string& why, int64_t most_wait_ms);
  void settle(PeerLink& peer);

  Hello hello() const;
  // nullptr: it was left out, or is another connection by now.
  PeerLink* at(const std::string& node, uint64_t connection);
  PeerLink* sender_on(uint64_t link);
  int64_t now_ns() const { return parts_.clock.monotonic_ns(); }

  const caf::intrusive_ptr<NodeSeat> seat_;
  NodeParts parts_;
  const std::string incarnation_;
  std::map<std::string, PeerLink> peers_;
  std::unique_ptr<Resolver> resolver_ = std::make_unique<Resolver>();
  LogLimit limit_;
  int64_t last_tick_ns_ = 0;
  bool closed_ = false;
  std::shared_ptr<bool> alive_;  // watched by work that is posted to the loop
};

}  // namespace stoa
