#include "tests/cluster/transport/relay.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <vector>

#include "base/random.hpp"

namespace stoa::test {
namespace {

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

bool connect(int s, uint16_t port) {
  const sockaddr_in address = loopback(port);
  return ::connect(s, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

int connect_to(uint16_t port) {
  const int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(s, port)) return s;
  close(s);
  return -1;
}

void send_at_once(int s) {
  const int on = 1;
  setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int listen_on_loopback(int backlog, uint16_t& port) {
  const int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (bind(s, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(s, backlog) != 0) return -1;
  getsockname(s, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return s;
}

uint16_t lasting_port() {
  SystemRandom random;
  for (;;) {
    const auto port = static_cast<uint16_t>(12000 + random.below(20000));  // below net.ipv4.ip_local_port_range
    const int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const bool free = bind(s, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(s);
    if (free) return port;
  }
}

bool ended(int s, int seconds) {
  const timeval patience{seconds, 0};
  setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  char buffer[4096];
  for (;;) {
    const ssize_t got = recv(s, buffer, sizeof buffer, 0);
    if (got == 0) return true;
    if (got < 0) return errno != EAGAIN;
  }
}

Relay::Relay(uint16_t server_port) : server_port_(server_port) {
  listener_ = listen_on_loopback(16, port_);
  thread_ = std::thread([this] { run(); });
}

Relay::~Relay() {
  stop_ = true;
  thread_.join();
  close(listener_);
}

void Relay::hold(bool from_client, bool from_server) {
  hold_client_ = from_client;
  hold_server_ = from_server;
}

std::string Relay::sent_by_client() {
  const std::lock_guard lock(mutex_);
  return recorded_;
}

void Relay::run() {
  std::vector<Pair> pairs;
  bool first = true;
  while (!stop_) {
    std::vector<pollfd> fds{{listener_, static_cast<short>(hold_client_ ? 0 : POLLIN), 0}};
    for (const Pair& p : pairs) {
      fds.push_back({hold_client_ ? -1 : p.client, POLLIN, 0});
      fds.push_back({hold_server_ ? -1 : p.server, POLLIN, 0});
    }
    poll(fds.data(), fds.size(), 10);
    for (size_t i = pairs.size(); i-- > 0;) {
      Pair& p = pairs[i];
      bool alive = fds[1 + 2 * i].revents == 0 || forward(p.client, p.server, first || i == 0);
      alive = alive && (fds[2 + 2 * i].revents == 0 || forward(p.server, p.client, false));
      if (alive) continue;
      close(p.client);
      close(p.server);
      pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(i));
      first = false;
    }
    if ((fds[0].revents & POLLIN) != 0) {
      const Pair made{accept(listener_, nullptr, nullptr), connect_to(server_port_)};
      if (made.server >= 0) pairs.push_back(made);
      if (made.server < 0) close(made.client);
    }
  }
  for (const Pair& p : pairs) {
    close(p.client);
    close(p.server);
  }
}

bool Relay::forward(int from, int to, bool recorded) {
  char buffer[65536];
  const ssize_t got = recv(from, buffer, sizeof buffer, MSG_DONTWAIT);
  if (got <= 0) return got < 0 && (errno == EAGAIN || errno == EINTR);
  if (recorded) {
    const std::lock_guard lock(mutex_);
    recorded_.append(buffer, static_cast<size_t>(got));
  }
  for (ssize_t sent = 0; sent < got;) {
    const ssize_t put = send(to, buffer + sent, static_cast<size_t>(got - sent), MSG_NOSIGNAL);
    if (put <= 0) return false;
    sent += put;
  }
  return true;
}

}  // namespace stoa::test
