// What a node says of itself when it meets another.
#pragma once

#include <cstdint>
#include <string>

#include "base/record.hpp"

namespace stoa {

// Raised when two nodes could not understand each other's parcels, or apply each other's entries, any more.
inline constexpr uint32_t kClusterProtocol = 4;

struct Hello {
  std::string cluster;
  std::string node;
  uint32_t protocol = kClusterProtocol;
  std::string version;  // of the program, for people
  std::string
      incarnation;    // random, one for each start of a process: a node that came back is told from one that stayed
  std::string facts;  // what the node's owner says of itself; means nothing to the transport
  Time sent_at;       // by the sender's clock
};
template <class V>
void fields(V& v, Hello& x) {
  v(1, "cluster", x.cluster);
  v(2, "node", x.node);
  v(3, "protocol", x.protocol);
  v(4, "version", x.version);
  v(5, "incarnation", x.incarnation);
  v(6, "facts", x.facts);
  v(7, "sent_at", x.sent_at);
}

}  // namespace stoa
