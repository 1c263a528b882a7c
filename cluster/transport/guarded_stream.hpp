// A connection's bytes between its socket and CAF's frame parser, on the loop: completes the connect, does the TLS
// handshake, checks the other end's name, and lets only frames through that the guard has looked at.
//
// While nothing comes it costs nothing. What is written in one turn of the loop leaves in one piece.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <caf/intrusive_ptr.hpp>
#include <caf/io/scribe.hpp>
#include <vector>

#include "cluster/transport/connections.hpp"
#include "cluster/transport/frame_guard.hpp"
#include "cluster/transport/loop_multiplexer.hpp"

namespace stoa {

class GuardedStream final {
 public:
  // Owns the socket, which does not block and, when `connection` is dialed, may still be connecting.
  GuardedStream(LoopMultiplexer& multiplexer, ConnectionsPtr connections, Connections::Connection& connection);
  ~GuardedStream();

  // Called once. `owner` holds this stream, and is kept alive by what is waited for.
  void begin(caf::io::scribe* owner);
  // How many bytes the owner is given next, no more and no less; at least 1.
  void demand(size_t bytes) { demand_ = bytes; }
  // What is to be sent is appended here; flush() lets it leave, at once or when the handshake is through.
  std::vector<char>& outgoing() { return outgoing_; }
  void flush();
  // Where the owner finds what it is given.
  std::vector<char>& given() { return given_; }
  // Both directions end now; what was not sent is lost, and the owner hears no more.
  void end();

  const Connections::Connection& connection() const { return connection_; }

 private:
  enum class Phase : uint8_t { kNew, kConnecting, kHandshaking, kOpen, kEnded };
  using Owner = caf::intrusive_ptr<caf::io::scribe>;
  // Of a read or a write: how many bytes; 0: not now; -1: it has failed.
  using Moved = ssize_t;

  void await_readable();
  void await_writable();
  void readable();
  void finish_connect();
  void handshake();
  void opened();
  bool receive();
  bool give();
  void send();
  Moved read_some(char* buffer, size_t size);
  Moved write_some(const char* buffer, size_t size);
  Moved after_tls(int result);
  void fail();

  LoopMultiplexer& multiplexer_;
  const ConnectionsPtr connections_;
  Connections::Connection& connection_;
  boost::asio::posix::stream_descriptor socket_;
  FrameGuard guard_;
  TlsPeer peer_;
  Ssl tls_;
  Phase phase_ = Phase::kNew;
  caf::io::scribe* owner_ = nullptr;
  bool awaits_writable_ = false;
  bool sending_later_ = false;

  std::vector<char> received_;  // [taken_, filled_) was read and not given yet
  size_t taken_ = 0;
  size_t filled_ = 0;
  std::vector<char> given_;
  size_t gathered_ = 0;  // of given_
  size_t demand_ = 1;
  std::vector<char> outgoing_, sending_;  // sending_ from sent_ on leaves first
  size_t sent_ = 0;
};

}  // namespace stoa
