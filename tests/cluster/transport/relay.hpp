// A relay between a client and a server, with the wire in its hands: it keeps what the client sent, and can hold either
// direction back, as a network does that drops everything.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace stoa::test {

class Relay {
 public:
  explicit Relay(uint16_t server_port);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  uint16_t port() const { return port_; }
  // While held nothing is read from that side, and new connections wait unanswered.
  void hold(bool from_client, bool from_server);
  // All that the first client sent so far.
  std::string sent_by_client();

 private:
  struct Pair {
    int client = -1, server = -1;
  };
  void run();
  bool forward(int from, int to, bool recorded);

  const uint16_t server_port_;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::atomic<bool> hold_client_{false}, hold_server_{false}, stop_{false};
  std::mutex mutex_;
  std::string recorded_;
  std::thread thread_;
};

// Of a socket to 127.0.0.1. False: it cannot be reached.
bool connect(int socket, uint16_t port);
// A connected socket, or -1.
int connect_to(uint16_t port);
// What is written to it leaves at once, in pieces as it was written.
void send_at_once(int socket);
// A socket that listens on 127.0.0.1, and its port.
int listen_on_loopback(int backlog, uint16_t& port);
// A free port that the kernel gives to no connection, so that it stays free between two listeners.
uint16_t lasting_port();
// Waits at most `seconds` until the other end has closed; whatever comes before is dropped.
bool ended(int socket, int seconds);

}  // namespace stoa::test
