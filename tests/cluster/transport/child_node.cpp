#include "tests/cluster/transport/child_node.hpp"

#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.hpp"

namespace stoa::test {
namespace {

[[noreturn]] void run(TransportOptions options, const std::vector<PeerAddress>& peers, bool echo, int in, int out) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  uint16_t port = 0;
  if (read(in, &port, sizeof port) != sizeof port) _exit(0);
  options.listen_port = port;
  RealNode node(std::move(options));
  node.record = false;
  if (echo) {
    node.on_received = [&node](const std::string& from, const std::string& parcel) {
      node.transport().send(from, parcel);
    };
  }
  if (!node.error().empty()) {
    log_error("a child has no transport", {{"why", node.error()}});
    _exit(1);
  }
  node.set_peers(peers);
  port = node.port();
  if (write(out, &port, sizeof port) != sizeof port) _exit(1);
  for (;;) pause();
}

}  // namespace

ChildNode::ChildNode(TransportOptions options, std::vector<PeerAddress> peers, bool echo) {
  int in[2], out[2];
  if (pipe(in) != 0 || pipe(out) != 0) ADD_FAILURE() << "no pipe";
  pid_ = fork();
  if (pid_ == 0) {
    close(in[1]);
    close(out[0]);
    run(std::move(options), peers, echo, in[0], out[1]);
  }
  close(in[0]);
  close(out[1]);
  to_ = in[1];
  from_ = out[0];
}

ChildNode::~ChildNode() {
  end();
  close(to_);
  close(from_);
}

uint16_t ChildNode::start(uint16_t port) {
  uint16_t bound = 0;
  EXPECT_EQ(write(to_, &port, sizeof port), static_cast<ssize_t>(sizeof port));
  EXPECT_EQ(read(from_, &bound, sizeof bound), static_cast<ssize_t>(sizeof bound));
  return bound;
}

void ChildNode::signal(int number) const { kill(pid_, number); }

void ChildNode::end() {
  if (pid_ < 0) return;
  signal(SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

double ChildNode::cpu_s() const {
  // Fields 14 and 15 of proc(5)'s stat, behind the name in parentheses.
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  double user = 0, kernel = 0;
  fields >> user >> kernel;
  return (user + kernel) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace stoa::test
