#include "gateway/listener.hpp"

#include <chrono>
#include <sys/socket.h>
#include <vector>

namespace stoa {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

// While draining, kept connections may still ask for this many sweeps: they are told so rather than reset.
constexpr int kDrainSweeps = 2;
constexpr auto kAcceptPause = std::chrono::milliseconds(100);

}  // namespace

Listener::Listener(asio::io_context& loop, RequestHandler& handler, const ConnectionLimits& limits, const Clock& clock,
                   int max_connections)
    : loop_(loop),
      limits_(limits),
      clock_(clock),
      max_connections_(max_connections),
      date_(clock),
      world_{handler, limits_, clock, date_, nullptr, false, [this](Exchange& ex) { sessions_.erase(&ex); }},
      acceptor_(loop),
      sweeper_(loop),
      retry_(loop) {}

Listener::~Listener() {
  *alive_ = false;
  stop();
}

Result<void> Listener::start(const std::string& host, uint16_t port, bool reuse_port) {
  const auto fail = [&](const error_code& ec) {
    return Error{"cannot listen on " + host + ":" + std::to_string(port) + ": " + ec.message()};
  };
  error_code ec;
  tcp::resolver resolver(loop_);
  const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, ec);
  if (ec) return fail(ec);
  const tcp::endpoint endpoint = found.begin()->endpoint();
  acceptor_.open(endpoint.protocol(), ec);
  if (ec) return fail(ec);
  acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
  if (reuse_port) acceptor_.set_option(ReusePort(true), ec);
  acceptor_.bind(endpoint, ec);
  if (ec) return fail(ec);
  acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) return fail(ec);
  port_ = acceptor_.local_endpoint(ec).port();
  accept();
  sweep();
  return {};
}

void Listener::accept() {
  acceptor_.async_accept([this, alive = alive_](error_code ec, LoopSocket socket) {
    if (!*alive || !acceptor_.is_open()) return;
    if (ec == asio::error::operation_aborted) return;
    // Out of descriptors, or the peer has gone: neither may end the accepting, nor make it spin.
    if (ec == asio::error::no_descriptors || ec == asio::error::no_memory) return retry_accept();
    if (!ec) accepted(std::move(socket));
    accept();
  });
}

void Listener::retry_accept() {
  retry_.expires_after(kAcceptPause);
  retry_.async_wait([this, alive = alive_](error_code ec) {
    if (!ec && *alive && acceptor_.is_open()) accept();
  });
}

void Listener::accepted(LoopSocket socket) {
  error_code ec;
  const auto peer = socket.remote_endpoint(ec);
  if (ec || sessions_.size() >= static_cast<size_t>(max_connections_)) return;
  auto session = std::make_shared<Session>(std::move(socket), peer.address().to_string(), world_);
  sessions_.emplace(session.get(), session);
  session->start();
}

void Listener::sweep() {
  const int64_t now = clock_.monotonic_ns();
  std::vector<std::shared_ptr<Session>> all;
  all.reserve(sessions_.size());
  for (const auto& [key, session] : sessions_) all.push_back(session);
  for (const auto& session : all) session->check(now);
  if (world_.draining && sweep_drained()) return;
  sweeper_.expires_after(std::chrono::milliseconds(limits_.sweep_ms));
  sweeper_.async_wait([this, alive = alive_](error_code ec) {
    if (!ec && *alive) sweep();
  });
}

bool Listener::sweep_drained() {
  if (++drain_sweeps_ <= kDrainSweeps) return false;
  std::vector<std::shared_ptr<Session>> idle;
  for (const auto& [key, session] : sessions_) {
    if (session->idle()) idle.push_back(session);
  }
  for (const auto& session : idle) session->close();
  if (!sessions_.empty()) return false;
  const auto done = std::move(drained_);
  drained_ = nullptr;
  if (done) done();
  return true;
}

void Listener::drain(std::function<void()> done) {
  drained_ = std::move(done);
  world_.draining = true;
  error_code ec;
  acceptor_.close(ec);
}

void Listener::stop() {
  error_code ec;
  acceptor_.close(ec);
  sweeper_.cancel(ec);
  retry_.cancel(ec);
  while (!sessions_.empty()) {
    const auto session = sessions_.begin()->second;
    session->close();
  }
}

}  // namespace stoa
