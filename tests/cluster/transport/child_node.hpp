// A node in a process of its own, which can be stopped and killed. The process is made at once, before the test has
// threads, and runs the node when it is started.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/cluster/transport/real_node.hpp"

namespace stoa::test {

class ChildNode {
 public:
  // The options' port is set by start(). Sends back what it receives when `echo`.
  explicit ChildNode(TransportOptions options, std::vector<PeerAddress> peers, bool echo = false);
  ~ChildNode();
  ChildNode(const ChildNode&) = delete;
  ChildNode& operator=(const ChildNode&) = delete;

  // Returns the port it listens on, once it does.
  uint16_t start(uint16_t port = 0);
  void signal(int number) const;
  // Kills it and waits for its end: its port may be free only then.
  void end();
  // Seconds of CPU that it has used.
  double cpu_s() const;

 private:
  int pid_ = -1;
  int to_ = -1, from_ = -1;
};

}  // namespace stoa::test
