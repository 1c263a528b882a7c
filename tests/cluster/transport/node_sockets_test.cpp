#include "cluster/transport/node_sockets.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/cluster/transport/log_lines.hpp"
#include "tests/cluster/transport/real_node.hpp"
#include "tests/cluster/transport/relay.hpp"

namespace stoa {
namespace {

using test::at;
using test::LogLines;
using test::options_of;
using test::RealNode;

// While it lives this process can open nothing.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit low = before_;
    low.rlim_cur = 256;
    setrlimit(RLIMIT_NOFILE, &low);
    take_all();
  }
  ~NoDescriptors() {
    setrlimit(RLIMIT_NOFILE, &before_);
    for (const int taken : taken_) close(taken);
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

  // What was closed meanwhile.
  void take_all() {
    for (int taken = dup(STDIN_FILENO); taken >= 0; taken = dup(STDIN_FILENO)) taken_.push_back(taken);
  }

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

TEST(NodeSockets, OutliveALackOfDescriptors) {
  LogLines log;
  RealNode n1(options_of("n1")), n2(options_of("n2")), n3(options_of("n3"));
  for (RealNode* node : {&n1, &n2}) node->set_peers({at("n1", n1.port()), at("n2", n2.port())});
  ASSERT_TRUE(n1.connected_to("n2") && n2.connected_to("n1"));
  n3.set_peers({at("n1", n1.port())});
  {
    NoDescriptors none;
    n1.set_peers({at("n2", n2.port()), at("n3", n3.port())});
    ASSERT_TRUE(n1.wait([&] { return n1.status("n3").last_error == "Too many open files"; }))
        << n1.status("n3").last_error;
    EXPECT_TRUE(n1.status("n2").connected);
  }
  EXPECT_TRUE(n1.connected_to("n3") && n3.connected_to("n1"));
}

TEST(NodeSockets, AcceptWhatHasWaitedForADescriptor) {
  LogLines log;
  RealNode n2(options_of("n2"));
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  {
    NoDescriptors none;
    ASSERT_TRUE(test::connect(socket, n2.port())) << "the kernel answers";
    char byte = 0;
    const timeval patience{0, 300'000};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    EXPECT_EQ(recv(socket, &byte, 1, 0), -1);
  }
  char byte = 0;
  const timeval patience{5, 0};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  EXPECT_EQ(recv(socket, &byte, 1, 0), 1) << "the beginning of a handshake";
  close(socket);
}

}  // namespace
}  // namespace stoa
