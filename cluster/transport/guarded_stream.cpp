#include "cluster/transport/guarded_stream.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <climits>
#include <cstring>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace stoa {
namespace {

using boost::asio::posix::descriptor_base;

constexpr size_t kReadBytes = 64 << 10;
constexpr int kReadsInARow = 16;  // before others on the loop have their turn

}  // namespace

GuardedStream::GuardedStream(LoopMultiplexer& multiplexer, ConnectionsPtr connections,
                             Connections::Connection& connection)
    : multiplexer_(multiplexer),
      connections_(std::move(connections)),
      connection_(connection),
      socket_(multiplexer.loop().context(), connection.socket),
      guard_(connection.dialed ? FrameGuard::End::kDialed : FrameGuard::End::kAccepted),
      peer_{connection.wanted, {}} {
  if (const TlsContext* tls = connections_->tls())
    tls_ = connection.dialed ? tls->connect(connection.socket, peer_) : tls->accept(connection.socket, peer_);
}

// The socket closes itself, after this.
GuardedStream::~GuardedStream() { connections_->closed(connection_); }

void GuardedStream::begin(caf::io::scribe* owner) {
  owner_ = owner;
  if (connection_.dialed) {
    phase_ = Phase::kConnecting;
    return await_writable();
  }
  phase_ = tls_ ? Phase::kHandshaking : Phase::kOpen;
  flush();
  await_readable();
}

void GuardedStream::end() {
  if (phase_ == Phase::kEnded) return;
  phase_ = Phase::kEnded;
  ::shutdown(socket_.native_handle(), SHUT_RDWR);
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void GuardedStream::await_readable() {
  socket_.async_wait(descriptor_base::wait_read, [this, keep = Owner(owner_)](boost::system::error_code) {
    if (phase_ == Phase::kHandshaking)
      handshake();
    else if (phase_ == Phase::kOpen)
      readable();
  });
}

void GuardedStream::await_writable() {
  awaits_writable_ = true;
  socket_.async_wait(descriptor_base::wait_write, [this, keep = Owner(owner_)](boost::system::error_code) {
    awaits_writable_ = false;
    if (phase_ == Phase::kConnecting)
      finish_connect();
    else if (phase_ == Phase::kHandshaking)
      handshake();
    else if (phase_ == Phase::kOpen)
      send();
  });
}

void GuardedStream::finish_connect() {
  const int fd = socket_.native_handle();
  int error = 0;
  socklen_t size = sizeof error;
  sockaddr_storage peer{}, self{};
  socklen_t peer_size = sizeof peer, self_size = sizeof self;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error == 0 && ::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0) error = errno;
  if (error == 0 && ::getsockname(fd, reinterpret_cast<sockaddr*>(&self), &self_size) != 0) error = errno;
  // A port of the range that the kernel dials from, and nobody listening there: TCP connects the socket to itself. It
  // must not hold the port of the one who is to come.
  if (error == 0 && self_size == peer_size && std::memcmp(&self, &peer, self_size) == 0) {
    const linger at_once{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    error = ECONNREFUSED;
  }
  if (error != 0) {
    connections_->failed(connection_, std::strerror(error));
    return fail();
  }
  if (!tls_) return opened();
  phase_ = Phase::kHandshaking;
  handshake();
}

void GuardedStream::handshake() {
  ERR_clear_error();
  const int done = SSL_do_handshake(tls_.get());
  if (done == 1) {
    connections_->named(connection_, peer_.names);
    return opened();
  }
  switch (SSL_get_error(tls_.get(), done)) {
    case SSL_ERROR_WANT_READ:
      return await_readable();
    case SSL_ERROR_WANT_WRITE:
      return await_writable();
    default:
      break;
  }
  const auto failure = tls_failure(tls_.get(), peer_);
  if (!failure && !connection_.dialed) connections_->ended(connection_, "it closed the connection");
  connections_->failed(connection_,
                       failure.value_or("it closed the connection during the TLS handshake: it may not speak TLS"));
  fail();
}

void GuardedStream::opened() {
  phase_ = Phase::kOpen;
  flush();
  readable();  // the handshake may have read more than its own
}

void GuardedStream::fail() {
  owner_->io_failure(&multiplexer_, caf::io::network::operation::read);
  end();
}

void GuardedStream::readable() {
  for (int i = 0; i < kReadsInARow; ++i) {
    if (!receive()) return;
  }
  boost::asio::post(multiplexer_.loop().context(), [this, keep = Owner(owner_)] {
    if (phase_ == Phase::kOpen) readable();
  });
}

// A long payload goes straight to where it is wanted. Returns whether to read on at once.
bool GuardedStream::receive() {
  const bool straight = demand_ - gathered_ >= kReadBytes;
  if (straight)
    given_.resize(demand_);
  else
    received_.resize(kReadBytes);
  char* const into = straight ? given_.data() + gathered_ : received_.data();
  const size_t room = straight ? demand_ - gathered_ : received_.size();
  const Moved got = read_some(into, room);
  if (got == 0) await_readable();
  if (got < 0) fail();
  if (got <= 0) return false;
  connections_->heard(connection_);
  if (connection_.admitted.load(std::memory_order_relaxed)) guard_.admit();
  if (const char* fault = guard_.look(into, static_cast<size_t>(got))) {
    connections_->failed(connection_, fault);
    fail();
    return false;
  }
  if (guard_.proven()) connection_.proven.store(true, std::memory_order_relaxed);
  if (straight)
    gathered_ += static_cast<size_t>(got);
  else
    taken_ = 0, filled_ = static_cast<size_t>(got);
  return give();
}

// All that was received is given or gathered for the next time.
bool GuardedStream::give() {
  while (phase_ == Phase::kOpen) {
    given_.resize(demand_);
    const size_t part = std::min(demand_ - gathered_, filled_ - taken_);
    std::memcpy(given_.data() + gathered_, received_.data() + taken_, part);
    gathered_ += part;
    taken_ += part;
    if (gathered_ < demand_) return true;
    gathered_ = 0;
    if (!owner_->consume(&multiplexer_, given_.data(), given_.size())) end();
  }
  return false;
}

void GuardedStream::flush() {
  if (phase_ != Phase::kOpen || sending_later_ || awaits_writable_ || outgoing_.empty()) return;
  sending_later_ = true;
  boost::asio::post(multiplexer_.loop().context(), [this, keep = Owner(owner_)] {
    sending_later_ = false;
    if (phase_ == Phase::kOpen && !awaits_writable_) send();
  });
}

void GuardedStream::send() {
  for (;;) {
    if (sent_ == sending_.size()) {
      sending_.clear();
      sent_ = 0;
      if (outgoing_.empty()) return;
      sending_.swap(outgoing_);
    }
    const Moved put = write_some(sending_.data() + sent_, sending_.size() - sent_);
    if (put < 0) return fail();
    if (put == 0) return await_writable();
    sent_ += static_cast<size_t>(put);
  }
}

GuardedStream::Moved GuardedStream::after_tls(int result) {
  const int error = SSL_get_error(tls_.get(), result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return 0;
  if (const auto failure = tls_failure(tls_.get(), peer_))
    connections_->failed(connection_, *failure);
  else
    connections_->ended(connection_, "it closed the connection");
  return -1;
}

GuardedStream::Moved GuardedStream::read_some(char* buffer, size_t size) {
  if (tls_) {
    ERR_clear_error();
    const int got = SSL_read(tls_.get(), buffer, static_cast<int>(std::min<size_t>(size, INT_MAX)));
    return got > 0 ? got : after_tls(got);
  }
  const ssize_t got = ::recv(socket_.native_handle(), buffer, size, MSG_DONTWAIT);
  if (got > 0) return got;
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  if (got == 0)
    connections_->ended(connection_, "it closed the connection");
  else
    connections_->failed(connection_, std::strerror(errno));
  return -1;
}

GuardedStream::Moved GuardedStream::write_some(const char* buffer, size_t size) {
  if (tls_) {
    ERR_clear_error();
    const int put = SSL_write(tls_.get(), buffer, static_cast<int>(std::min<size_t>(size, INT_MAX)));
    return put > 0 ? put : after_tls(put);
  }
  const ssize_t put = ::send(socket_.native_handle(), buffer, size, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (put > 0) return put;
  if (put < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  connections_->failed(connection_, std::strerror(errno));
  return -1;
}

}  // namespace stoa
