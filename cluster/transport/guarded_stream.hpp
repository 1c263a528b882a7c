// A connection's bytes between its socket and CAF's frame parser, on the middleman's thread: completes the connect,
// does the TLS handshake, checks the other end's name, and lets only frames through that the guard has looked at.
//
// While nothing comes it costs nothing: it waits for the socket to be writable only while there is something to write.
#pragma once

#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/stream.hpp>

#include "cluster/transport/connections.hpp"
#include "cluster/transport/frame_guard.hpp"

namespace stoa {

class GuardedStream final : public caf::io::network::stream {
 public:
  // Owns the socket, which does not block and, when `connection` is dialed, may still be connecting.
  GuardedStream(caf::io::network::default_multiplexer& multiplexer, ConnectionsPtr connections,
                Connections::Connection& connection);
  ~GuardedStream() override;

  // Called once. `owner` holds this stream.
  void begin(caf::io::network::stream_manager* owner);
  // Whether what is written may leave; until then it is kept.
  bool open() const { return phase_ == Phase::kOpen; }
  // Both directions end now; what was not sent is lost.
  void hang_up();

  const Connections::Connection& connection() const { return connection_; }

  // ---- called by CAF ----
  void handle_event(caf::io::network::operation operation) override;
  void removed_from_loop(caf::io::network::operation operation) override;

  // The policy that CAF's stream reads and writes through once it is open.
  caf::io::network::rw_state read_some(size_t& result, int socket, void* buffer, size_t size);
  caf::io::network::rw_state write_some(size_t& result, int socket, const void* buffer, size_t size);
  bool must_read_more(int socket, size_t threshold) const;

 private:
  enum class Phase : uint8_t { kConnecting, kHandshaking, kOpen };

  void advance();
  void finish_connect();
  void handshake();
  void opened();
  void wait_for_write(bool wanted);
  void fail(const std::string& why);
  caf::io::network::rw_state broken(const std::string& why);
  caf::io::network::rw_state gone();
  caf::io::network::rw_state after_tls_failure();

  const ConnectionsPtr connections_;
  Connections::Connection& connection_;
  FrameGuard guard_;
  TlsPeer peer_;
  Ssl tls_;
  Phase phase_;
  caf::io::network::stream_manager* owner_ = nullptr;
  // Keeps the owner while the multiplexer waits for the socket to be writable on behalf of a handshake.
  caf::intrusive_ptr<caf::io::network::stream_manager> waiting_;
};

}  // namespace stoa
