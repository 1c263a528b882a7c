// Carries parcels of bytes between the nodes of one cluster, each directly to its receiver. Real kind:
// cluster/transport/open_transport.hpp; the twin in memory: cluster/transport/memory_network.hpp.
//
// All calls of both classes are on the owner's loop. The port is called from the loop's turns, never from inside a call
// of the transport; the port may call the transport.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "cluster/hello.hpp"

namespace stoa {

// Where a node is reached.
struct PeerAddress {
  std::string node;
  std::string host;  // name or address
  uint16_t port = 0;
};

struct PeerStatus {
  std::string node;
  bool connected = false;
  Time since;                  // when it came or went, or was first named, by this node's clock
  std::string last_error;      // why the last connection failed or ended; empty: none did
  int64_t clock_ahead_ms = 0;  // the peer's clock minus ours, from the last exchange; within half a round trip
  int64_t round_trip_ms = 0;
  size_t bytes_under_way = 0;  // sent and not yet acknowledged
};

// What the owner of a transport is told.
class TransportPort {
 public:
  virtual ~TransportPort() = default;
  // The peer is connected and has said hello. Alternates with peer_down() for each node.
  virtual void peer_up(const std::string& node, const Hello& hello) = 0;
  // The connection is lost or was silent too long; what was under way may or may not have arrived. Also for a node that
  // set_peers() left out while it was connected.
  virtual void peer_down(const std::string& node) = 0;
  // In the order in which the peer sent them, between its peer_up() and peer_down(); none is repeated.
  virtual void received(const std::string& node, std::string parcel) = 0;
};

class Transport {
 public:
  static constexpr size_t kMaxParcelBytes = 1 << 20;
  // Not yet acknowledged by a peer's process; more than this is not taken.
  static constexpr size_t kMaxBytesUnderWay = 16 << 20;

  virtual ~Transport() = default;

  // Parcels to one peer arrive in order, or not at all: once one is lost the connection is, and peer_down() follows.
  // Each costs a message: gather what a turn has for a peer into one. False: the peer is not connected, or too much is
  // under way to it; the parcel is dropped. REQUIRES parcel.size() <= kMaxParcelBytes and that `node` is another node.
  virtual bool send(const std::string& node, std::string parcel) = 0;

  // Every node that set_peers() named, by name.
  virtual std::vector<PeerStatus> peers() const = 0;

  // Whom to be connected to: all other nodes of the cluster. Connections to nodes left out are closed, new ones are
  // sought. The owner's own node may be among them and is skipped.
  virtual void set_peers(std::vector<PeerAddress> peers) = 0;

  // Stops at once: no call of the port comes from here on. The peers see this node go.
  virtual void close() = 0;
};

}  // namespace stoa
