#include "cluster/transport/guarded_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace stoa {

using caf::io::network::operation;
using caf::io::network::rw_state;

GuardedStream::GuardedStream(caf::io::network::default_multiplexer& multiplexer, ConnectionsPtr connections,
                             Connections::Connection& connection)
    : stream(multiplexer, connection.socket),
      connections_(std::move(connections)),
      connection_(connection),
      guard_(connection.dialed ? FrameGuard::End::kDialed : FrameGuard::End::kAccepted),
      peer_{connection.wanted, {}},
      phase_(connection.dialed ? Phase::kConnecting : Phase::kHandshaking) {
  if (const TlsContext* tls = connections_->tls())
    tls_ = connection.dialed ? tls->connect(connection.socket, peer_) : tls->accept(connection.socket, peer_);
  else if (!connection.dialed)
    phase_ = Phase::kOpen;
}

// The base closes the socket, after this.
GuardedStream::~GuardedStream() { connections_->closed(connection_); }

void GuardedStream::begin(caf::io::network::stream_manager* owner) {
  owner_ = owner;
  start(owner);
  if (phase_ == Phase::kConnecting) wait_for_write(true);
}

void GuardedStream::hang_up() { ::shutdown(fd(), SHUT_RDWR); }

void GuardedStream::handle_event(operation op) {
  if (op != operation::propagate_error && phase_ != Phase::kOpen)
    advance();
  else if (op == operation::propagate_error && phase_ == Phase::kConnecting)
    finish_connect();  // finds out why
  else
    handle_event_impl(op, *this);
}

void GuardedStream::removed_from_loop(operation op) {
  caf::intrusive_ptr<caf::io::network::stream_manager> last;  // it may own *this
  if (op == operation::write) last.swap(waiting_);
  stream::removed_from_loop(op);
}

void GuardedStream::advance() {
  if (phase_ == Phase::kConnecting) finish_connect();
  if (phase_ == Phase::kHandshaking) handshake();
}

void GuardedStream::finish_connect() {
  int error = 0;
  socklen_t size = sizeof error;
  sockaddr_storage peer{}, self{};
  socklen_t peer_size = sizeof peer, self_size = sizeof self;
  if (::getsockopt(fd(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error == 0 && ::getpeername(fd(), reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0) error = errno;
  if (error == 0 && ::getsockname(fd(), reinterpret_cast<sockaddr*>(&self), &self_size) != 0) error = errno;
  if (error != 0) return fail(std::strerror(error));
  // A port of the range that the kernel dials from, and nobody listening there: TCP connects the socket to itself. It
  // must not hold the port of the one who is to come.
  if (self_size == peer_size && std::memcmp(&self, &peer, self_size) == 0) {
    const linger at_once{1, 0};
    ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return fail(std::strerror(ECONNREFUSED));
  }
  if (tls_)
    phase_ = Phase::kHandshaking;
  else
    opened();
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
      return wait_for_write(false);
    case SSL_ERROR_WANT_WRITE:
      return wait_for_write(true);
    default:
      break;
  }
  const auto failure = tls_failure(tls_.get(), peer_);
  if (!failure && !connection_.dialed) connections_->ended(connection_, "it closed the connection");
  fail(failure.value_or("it closed the connection during the TLS handshake: it may not speak TLS"));
}

void GuardedStream::opened() {
  phase_ = Phase::kOpen;
  wait_for_write(false);
  flush(owner_);
}

void GuardedStream::wait_for_write(bool wanted) {
  if (wanted && !waiting_) {
    waiting_.reset(owner_);
    backend().add(operation::write, fd(), this);
  } else if (!wanted && waiting_) {
    backend().del(operation::write, fd(), this);
  }
}

void GuardedStream::fail(const std::string& why) {
  connections_->failed(connection_, why);
  owner_->io_failure(&backend(), operation::read);
  passivate();
  wait_for_write(false);
}

rw_state GuardedStream::broken(const std::string& why) {
  connections_->failed(connection_, why);
  return rw_state::failure;
}

rw_state GuardedStream::after_tls_failure() {
  const auto failure = tls_failure(tls_.get(), peer_);
  return failure ? broken(*failure) : gone();
}

rw_state GuardedStream::gone() {
  connections_->ended(connection_, "it closed the connection");
  return rw_state::failure;
}

rw_state GuardedStream::read_some(size_t& result, int socket, void* buffer, size_t size) {
  result = 0;
  ssize_t got = 0;
  if (tls_) {
    ERR_clear_error();
    got = SSL_read(tls_.get(), buffer, static_cast<int>(std::min<size_t>(size, INT_MAX)));
    if (got <= 0) {
      const int error = SSL_get_error(tls_.get(), static_cast<int>(got));
      if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return rw_state::success;
      return after_tls_failure();
    }
  } else {
    got = ::recv(socket, buffer, size, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return rw_state::success;
    if (got == 0) return gone();
    if (got < 0) return broken(std::strerror(errno));
  }
  connections_->heard(connection_);
  if (const char* fault = guard_.look(static_cast<const char*>(buffer), static_cast<size_t>(got))) return broken(fault);
  if (guard_.proven()) connection_.proven.store(true, std::memory_order_relaxed);
  result = static_cast<size_t>(got);
  return rw_state::success;
}

rw_state GuardedStream::write_some(size_t& result, int socket, const void* buffer, size_t size) {
  result = 0;
  if (size == 0) return rw_state::indeterminate;
  ssize_t put = 0;
  if (tls_) {
    ERR_clear_error();
    put = SSL_write(tls_.get(), buffer, static_cast<int>(std::min<size_t>(size, INT_MAX)));
    if (put <= 0) {
      const int error = SSL_get_error(tls_.get(), static_cast<int>(put));
      if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return rw_state::success;
      return after_tls_failure();
    }
  } else {
    put = ::send(socket, buffer, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (put < 0 && (errno == EAGAIN || errno == EINTR)) return rw_state::success;
    if (put <= 0) return broken(std::strerror(errno));
  }
  result = static_cast<size_t>(put);
  return rw_state::success;
}

bool GuardedStream::must_read_more(int, size_t threshold) const {
  return tls_ && static_cast<size_t>(SSL_pending(tls_.get())) >= threshold;
}

}  // namespace stoa
