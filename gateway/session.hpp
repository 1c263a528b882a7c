// One keep-alive connection, in the clear or over TLS. Requests are answered one after another in their order; a
// pipelined one waits in the buffer, and nothing more is read meanwhile. Kept alive by its pending operations and by
// whoever owes it an answer.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "gateway/exchange.hpp"
#include "gateway/gateway_options.hpp"
#include "gateway/head_scanner.hpp"
#include "gateway/http_date.hpp"
#include "gateway/request_parser.hpp"

namespace stoa {

using LoopSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

// What all sessions of a listener share; outlives them.
struct SessionWorld {
  RequestHandler& handler;
  const ConnectionLimits& limits;
  const Clock& clock;
  HttpDate& date;
  boost::asio::ssl::context* https = nullptr;  // none: plain HTTP
  bool draining = false;
  std::function<void(Exchange&)> closed;  // a session has ended
};

class Session final : public Exchange {
 public:
  Session(LoopSocket socket, std::string address, SessionWorld& world);
  ~Session() override;

  void start();
  void respond() override;
  // Ends what has taken too long.
  void check(int64_t now_ns);
  // At once, whatever is under way.
  void close();
  // No request of this connection is being answered.
  bool idle() const { return phase_ == Phase::kIdle || phase_ == Phase::kHead || phase_ == Phase::kLinger; }

 private:
  enum class Phase { kIdle, kHead, kContinuing, kBody, kDiscard, kHandling, kWriting, kLinger, kClosed };

  void enter(Phase phase, int64_t at_most_ms);
  void read();
  void handshake();
  void ask_for_body();
  void say_goodbye();
  void shut_down();
  void received(size_t n);
  void advance();
  bool step();
  bool step_head();
  void begin_request();
  bool step_body();
  void fault(const RequestFault& fault);
  void finish_request();
  bool make_room();
  void send();
  void write_rest();
  void sent();
  void linger();
  std::shared_ptr<Session> self() { return std::static_pointer_cast<Session>(shared_from_this()); }
  std::string_view unread() const { return {buffer_.data() + from_, to_ - from_}; }

  LoopSocket socket_;
  std::unique_ptr<boost::asio::ssl::stream<LoopSocket&>> tls_;  // none: in the clear, or no more TLS is spoken
  SessionWorld& world_;
  Phase phase_ = Phase::kIdle;
  int64_t deadline_ns_ = 0;  // 0: none
  HeadScanner scanner_;
  RequestParser parser_;
  std::vector<char> buffer_;
  size_t from_ = 0, to_ = 0;  // what was read and not yet used
  std::string out_;
  size_t written_ = 0;
  int requests_ = 0;
  bool reading_ = false;
  bool advancing_ = false;
  bool keep_alive_ = true;
};

}  // namespace stoa
