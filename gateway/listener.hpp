// A listening socket and the sessions that came through it. All on one loop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "gateway/session.hpp"

namespace stoa {

class Listener {
 public:
  Listener(boost::asio::io_context& loop, RequestHandler& handler, const ConnectionLimits& limits, const Clock& clock,
           int max_connections);
  ~Listener();

  // Before start(): connections speak TLS. The context outlives the listener.
  void encrypt(boost::asio::ssl::context& context) { world_.https = &context; }
  Result<void> start(const std::string& host, uint16_t port, bool reuse_port);
  uint16_t port() const { return port_; }
  bool draining() const { return world_.draining; }

  // Accepts no more; connections close as they fall idle, at the latest when nothing is in flight. Then `done`.
  void drain(std::function<void()> done);
  // Everything at once.
  void stop();

 private:
  void accept();
  void accepted(LoopSocket socket);
  void sweep();
  bool sweep_drained();
  void retry_accept();

  boost::asio::io_context& loop_;
  const ConnectionLimits limits_;
  const Clock& clock_;
  const int max_connections_;
  HttpDate date_;
  SessionWorld world_;
  boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type> acceptor_;
  boost::asio::steady_timer sweeper_, retry_;
  std::unordered_map<Exchange*, std::shared_ptr<Session>> sessions_;
  std::function<void()> drained_;
  int drain_sweeps_ = 0;
  uint16_t port_ = 0;
  // Pending operations outlive the listener; they ask this before they touch it.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace stoa
