#include "cluster/transport/node_sockets.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <caf/io/abstract_broker.hpp>
#include <caf/make_counted.hpp>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.hpp"
#include "cluster/transport/guarded_stream.hpp"

namespace stoa {
namespace {

using boost::asio::posix::descriptor_base;

constexpr int kAcceptedInARow = 16;                     // before others on the loop have their turn
constexpr std::chrono::milliseconds kAcceptAgain{100};  // when there are no descriptors or no memory

// CAF takes the socket's number, which the kernel gives to the next connection while CAF's broker still has to forget
// the last one, and it would forget the new one instead.
caf::io::connection_handle handle_of(const Connections::Connection& connection) {
  return caf::io::connection_handle::from_int(static_cast<int64_t>(connection.id));
}

// A parcel is whole: there is nothing to wait for.
void send_at_once(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

class NodeScribe final : public caf::io::scribe {
 public:
  NodeScribe(LoopMultiplexer& multiplexer, ConnectionsPtr connections, Connections::Connection& connection)
      : scribe(handle_of(connection)),
        multiplexer_(multiplexer),
        stream_(multiplexer, std::move(connections), connection) {}

  void configure_read(caf::io::receive_policy::config config) override {
    STOA_CHECK(config.first == caf::io::receive_policy_flag::exactly, "CAF's parser asks for what it needs");
    stream_.demand(config.second);
    if (begun_) return;
    begun_ = true;
    stream_.begin(this);
  }
  void ack_writes(bool) override {}
  std::vector<char>& wr_buf() override { return stream_.outgoing(); }
  std::vector<char>& rd_buf() override { return stream_.given(); }
  void flush() override { stream_.flush(); }
  std::string addr() const override { return stream_.connection().host; }
  uint16_t port() const override { return stream_.connection().port; }
  void graceful_shutdown() override { detach(&multiplexer_, false); }
  void add_to_loop() override {}
  // What was not sent is lost: a peer that reads no more must not hold us up.
  void remove_from_loop() override { stream_.end(); }

 private:
  LoopMultiplexer& multiplexer_;
  bool begun_ = false;
  GuardedStream stream_;
};

class NodeDoorman final : public caf::io::doorman {
 public:
  NodeDoorman(LoopMultiplexer& multiplexer, int socket, uint16_t port, ConnectionsPtr connections)
      : doorman(caf::io::accept_handle::from_int(socket)),
        multiplexer_(multiplexer),
        connections_(std::move(connections)),
        socket_(multiplexer.loop().context(), socket),
        again_(multiplexer.loop().context()),
        port_(port) {}

  void launch() override { accept_next(); }
  std::string addr() const override { return {}; }
  uint16_t port() const override { return port_; }
  void graceful_shutdown() override { detach(&multiplexer_, false); }
  void add_to_loop() override {}
  void remove_from_loop() override {
    boost::system::error_code ignored;
    socket_.close(ignored);
    again_.cancel(ignored);
  }

  // Takes in one; false: errno says why not.
  bool new_connection() override {
    const int accepted = ::accept4(socket_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0) return false;
    const SocketAddress from = SocketAddress::of_peer(accepted);
    auto* connection = connections_->accepted(accepted, from.host(), from.port());
    if (connection == nullptr) return ::close(accepted) == 0;
    send_at_once(accepted);
    auto scribe = caf::make_counted<NodeScribe>(multiplexer_, connections_, *connection);
    const auto handle = scribe->hdl();
    parent()->add_scribe(std::move(scribe));
    doorman::new_connection(&multiplexer_, handle);
    return true;
  }

 private:
  using Self = caf::intrusive_ptr<NodeDoorman>;

  void accept_next() {
    if (!socket_.is_open()) return;
    socket_.async_wait(descriptor_base::wait_read, [this, self = Self(this)](boost::system::error_code stopped) {
      if (!stopped) accept_some();
    });
  }

  void accept_some() {
    for (int i = 0; i < kAcceptedInARow && socket_.is_open(); ++i) {
      if (new_connection()) continue;
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) return accept_later();
      if (errno == EAGAIN) break;
    }
    accept_next();
  }

  void accept_later() {
    again_.expires_after(kAcceptAgain);
    again_.async_wait([this, self = Self(this)](boost::system::error_code stopped) {
      if (!stopped) accept_next();
    });
  }

  LoopMultiplexer& multiplexer_;
  const ConnectionsPtr connections_;
  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer again_;
  const uint16_t port_;
};

uint16_t port_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return SocketAddress(reinterpret_cast<const sockaddr*>(&address), size).port();
}

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

Result<Dialed> dial(LoopMultiplexer& multiplexer, const ConnectionsPtr& connections, const SocketAddress& address,
                    std::vector<std::string> wanted) {
  Socket socket(address.family());
  if (socket.get() < 0) return Error{std::strerror(errno)};
  if (::connect(socket.get(), address.get(), address.size()) != 0 && errno != EINPROGRESS)
    return Error{std::strerror(errno)};
  auto* connection = connections->dialed(socket.get(), address.host(), address.port(), std::move(wanted));
  if (connection == nullptr) return Error{"this node is closing"};
  send_at_once(socket.get());
  const uint64_t id = connection->id;
  Dialed dialed{caf::make_counted<NodeScribe>(multiplexer, connections, *connection), id};
  socket.taken();
  return dialed;
}

Result<Listening> listen_on(LoopMultiplexer& multiplexer, const ConnectionsPtr& connections, const std::string& host,
                            uint16_t port) {
  const std::string where = "the cluster port " + host + ":" + std::to_string(port) + ": ";
  const auto address = resolve(host, port);
  if (!address) return Error{where + address.error().what};
  Socket socket(address->family());
  const int on = 1;
  if (socket.get() < 0 || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket.get(), address->get(), address->size()) != 0 || ::listen(socket.get(), SOMAXCONN) != 0)
    return Error{where + std::strerror(errno)};
  const uint16_t bound = port_of(socket.get());
  auto doorman = caf::make_counted<NodeDoorman>(multiplexer, socket.get(), bound, connections);
  socket.taken();
  return Listening{std::move(doorman), bound};
}

}  // namespace stoa
