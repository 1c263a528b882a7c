// The sockets of a node's own middleman, in the shape in which CAF's broker of remote messages wants them: it reads and
// writes guarded streams instead of bare sockets.
#pragma once

#include <caf/io/doorman.hpp>
#include <caf/io/scribe.hpp>
#include <string>

#include "base/result.hpp"
#include "cluster/transport/connections.hpp"
#include "cluster/transport/loop_multiplexer.hpp"
#include "cluster/transport/resolver.hpp"

namespace stoa {

struct Dialed {
  caf::io::scribe_ptr scribe;
  uint64_t connection = 0;
};

// Begins to connect and returns at once; how it went is told to `connections` and to the broker that gets the scribe.
// The other end's certificate must hold one of `wanted`. On the loop.
Result<Dialed> dial(LoopMultiplexer& multiplexer, const ConnectionsPtr& connections, const SocketAddress& address,
                    std::vector<std::string> wanted);

struct Listening {
  caf::io::doorman_ptr doorman;
  uint16_t port = 0;
};

// Listens on the host's first address; port 0 takes a free one.
Result<Listening> listen_on(LoopMultiplexer& multiplexer, const ConnectionsPtr& connections, const std::string& host,
                            uint16_t port);

}  // namespace stoa
