// Who is let in: the rules by which a node judges one that greets it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cluster/hello.hpp"

namespace stoa {

// The names order the nodes, and the lower one dials: so there is one connection for each pair, and two nodes that seek
// each other at the same moment cannot meet twice.
inline bool dials(const std::string& from, const std::string& to) { return from < to; }

// What the greeted node knows.
struct Doorkeeper {
  std::string cluster;
  std::string node;
  uint32_t protocol = kClusterProtocol;
  bool member = false;                   // set_peers() named the one who greets
  std::string host;                      // where its peers reach it
  bool secured = false;                  // the connection showed a certificate
  std::vector<std::string> certificate;  // the names in it
  std::string connected_incarnation;     // of the process by that name that is connected; empty: none
  bool connected_is_alive = false;       // and was heard just now
};

// nullopt: welcome. Otherwise a line for both logs; "I" is the greeted node.
std::optional<std::string> refusal_of(const Hello& hello, const std::string& to, const Doorkeeper& doorkeeper);

}  // namespace stoa
