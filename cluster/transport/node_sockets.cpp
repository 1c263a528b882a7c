#include "cluster/transport/node_sockets.hpp"

#include <caf/io/abstract_broker.hpp>
#include <caf/io/network/doorman_impl.hpp>
#include <caf/make_counted.hpp>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

#include "cluster/transport/guarded_stream.hpp"

namespace stoa {
namespace {

using Multiplexer = caf::io::network::default_multiplexer;

// CAF takes the socket's number, which the kernel gives to the next connection while CAF's broker still has to forget
// the last one, and it would forget the new one instead.
caf::io::connection_handle handle_of(const Connections::Connection& connection) {
  return caf::io::connection_handle::from_int(static_cast<int64_t>(connection.id));
}

class NodeScribe final : public caf::io::scribe {
 public:
  NodeScribe(Multiplexer& multiplexer, ConnectionsPtr connections, Connections::Connection& connection)
      : scribe(handle_of(connection)), stream_(multiplexer, std::move(connections), connection) {}

  void configure_read(caf::io::receive_policy::config config) override {
    stream_.configure_read(config);
    if (begun_) return;
    begun_ = true;
    stream_.begin(this);
  }
  void ack_writes(bool enable) override { stream_.ack_writes(enable); }
  std::vector<char>& wr_buf() override { return stream_.wr_buf(); }
  std::vector<char>& rd_buf() override { return stream_.rd_buf(); }
  void flush() override {
    if (stream_.open()) stream_.flush(this);
  }
  std::string addr() const override { return stream_.connection().host; }
  uint16_t port() const override { return stream_.connection().port; }
  void graceful_shutdown() override { detach(&stream_.backend(), false); }
  void add_to_loop() override { stream_.activate(this); }
  // CAF would go on writing, and wait for it when the process ends: a peer that reads no more must not hold us up.
  void remove_from_loop() override {
    stream_.hang_up();
    stream_.passivate();
  }

 private:
  bool begun_ = false;
  GuardedStream stream_;
};

class NodeDoorman final : public caf::io::network::doorman_impl {
 public:
  NodeDoorman(Multiplexer& multiplexer, int socket, ConnectionsPtr connections)
      : doorman_impl(multiplexer, socket), connections_(std::move(connections)) {}

  bool new_connection() override {
    const int socket = acceptor_.accepted_socket();
    if (socket < 0) return true;
    if (detached()) return false;
    const SocketAddress from = SocketAddress::of_peer(socket);
    auto* connection = connections_->accepted(socket, from.host(), from.port());
    if (connection == nullptr) {
      ::close(socket);
      return true;
    }
    auto scribe = caf::make_counted<NodeScribe>(acceptor_.backend(), connections_, *connection);
    const auto handle = scribe->hdl();
    parent()->add_scribe(std::move(scribe));
    return doorman::new_connection(&acceptor_.backend(), handle);
  }

  // CAF's multiplexer gathers changes: one closed in the very turn that added it was never in, and CAF would not let go
  // of it, nor of its socket.
  void remove_from_loop() override {
    doorman_impl::remove_from_loop();
    if (acceptor_.eventbf() == 0) acceptor_.removed_from_loop(caf::io::network::operation::read);
  }

 private:
  const ConnectionsPtr connections_;
};

// Closes the socket unless it is taken.
class Socket {
 public:
  explicit Socket(int family) : socket_(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (socket_ >= 0) ::close(socket_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int get() const { return socket_; }
  void taken() { socket_ = -1; }

 private:
  int socket_;
};

}  // namespace

Result<Dialed> dial(Multiplexer& multiplexer, const ConnectionsPtr& connections, const SocketAddress& address,
                    std::vector<std::string> wanted) {
  Socket socket(address.family());
  if (socket.get() < 0) return Error{std::strerror(errno)};
  if (::connect(socket.get(), address.get(), address.size()) != 0 && errno != EINPROGRESS)
    return Error{std::strerror(errno)};
  auto* connection = connections->dialed(socket.get(), address.host(), address.port(), std::move(wanted));
  if (connection == nullptr) return Error{"this node is closing"};
  const uint64_t id = connection->id;
  Dialed dialed{caf::make_counted<NodeScribe>(multiplexer, connections, *connection), id};
  socket.taken();
  return dialed;
}

Result<Listening> listen_on(Multiplexer& multiplexer, const ConnectionsPtr& connections, const std::string& host,
                            uint16_t port) {
  const std::string where = "the cluster port " + host + ":" + std::to_string(port) + ": ";
  const auto address = resolve(host, port);
  if (!address) return Error{where + address.error().what};
  Socket socket(address->family());
  const int on = 1;
  if (socket.get() < 0 || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket.get(), address->get(), address->size()) != 0 || ::listen(socket.get(), SOMAXCONN) != 0)
    return Error{where + std::strerror(errno)};
  auto doorman = caf::make_counted<NodeDoorman>(multiplexer, socket.get(), connections);
  socket.taken();
  const uint16_t bound = doorman->port();
  return Listening{std::move(doorman), bound};
}

}  // namespace stoa
