#include "gateway/session.hpp"

#include <boost/asio/buffer.hpp>
#include <cstring>

namespace stoa {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr size_t kFirstBuffer = 4 * 1024;
constexpr size_t kLargestBuffer = 64 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Session::Session(LoopSocket socket, std::string peer, SessionWorld& world) : socket_(std::move(socket)), world_(world) {
  address = std::move(peer);
  if (world.https != nullptr) tls_ = std::make_unique<boost::asio::ssl::stream<LoopSocket&>>(socket_, *world.https);
}
Session::~Session() = default;

void Session::start() {
  error_code ec;
  socket_.set_option(asio::ip::tcp::no_delay(true), ec);
  socket_.non_blocking(true, ec);
  enter(Phase::kIdle, world_.limits.head_ms);  // who connects has something to say soon
  tls_ ? handshake() : read();
}

void Session::handshake() {
  tls_->async_handshake(asio::ssl::stream_base::server, [me = self()](error_code ec) {
    if (me->phase_ == Phase::kClosed) return;
    ec ? me->close() : me->read();
  });
}

void Session::enter(Phase phase, int64_t at_most_ms) {
  phase_ = phase;
  deadline_ns_ = at_most_ms == 0 ? 0 : world_.clock.monotonic_ns() + at_most_ms * 1'000'000;
}

bool Session::make_room() {
  if (from_ == to_) from_ = to_ = 0;
  if (to_ < buffer_.size()) return true;
  if (from_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + from_, to_ - from_);
    to_ -= from_;
    from_ = 0;
    return true;
  }
  if (buffer_.size() >= std::max(kLargestBuffer, 2 * world_.limits.head_bytes)) return false;
  buffer_.resize(buffer_.empty() ? kFirstBuffer : buffer_.size() * 2);
  return true;
}

void Session::read() {
  if (reading_ || phase_ == Phase::kClosed) return;
  if (!make_room()) return fault({400, "malformed_request", "a chunk's head is too long"});
  reading_ = true;
  auto done = [me = self()](error_code ec, size_t n) {
    me->reading_ = false;
    if (me->phase_ == Phase::kClosed) return;
    if (ec) return me->close();
    me->received(n);
  };
  const auto room = asio::buffer(buffer_.data() + to_, buffer_.size() - to_);
  if (tls_)
    tls_->async_read_some(room, std::move(done));
  else
    socket_.async_read_some(room, std::move(done));
}

void Session::received(size_t n) {
  if (phase_ == Phase::kLinger) {
    from_ = to_ = 0;
    return read();
  }
  to_ += n;
  if (phase_ == Phase::kBody || phase_ == Phase::kDiscard) enter(phase_, world_.limits.body_ms);
  advance();
}

// Goes on for as long as what was read leads somewhere. Answers given at once come back here without recursion.
void Session::advance() {
  if (advancing_) return;
  advancing_ = true;
  while (step()) {
  }
  advancing_ = false;
}

bool Session::step() {
  switch (phase_) {
    case Phase::kIdle:
    case Phase::kHead:
      return step_head();
    case Phase::kBody:
    case Phase::kDiscard:
      return step_body();
    default:
      return false;
  }
}

bool Session::step_head() {
  if (phase_ == Phase::kIdle) {
    // One empty line before a request-line is forgiven: RFC 9112, 2.2.
    if (unread().substr(0, 2) == "\r\n") from_ += 2;
    if (unread().empty() || unread() == "\r") return read(), false;
    scanner_.reset();
    clear();
    began_ns = world_.clock.monotonic_ns();
    phase_ = Phase::kHead;
    deadline_ns_ = began_ns + world_.limits.head_ms * 1'000'000;
  }
  switch (scanner_.scan(unread(), world_.limits)) {
    case HeadScanner::Verdict::kMore:
      return read(), false;
    case HeadScanner::Verdict::kFault:
      return fault(scanner_.fault()), true;
    case HeadScanner::Verdict::kComplete:
      break;
  }
  begin_request();
  return true;
}

void Session::begin_request() {
  const auto bad = parser_.begin(unread().substr(0, scanner_.length()), world_.limits, head);
  from_ += scanner_.length();
  if (bad) return fault(*bad);
  keep_alive_ = head.keep_alive && ++requests_ < world_.limits.requests;
  const bool too_large = head.content_length.value_or(0) > world_.limits.body_bytes;
  if (!world_.handler.admit(*this)) {
    if (!head.has_body()) return send();
    // A client that asks before it sends, or would send too much, is answered before it does.
    if (head.expects_continue || too_large) return response.close = true, send();
    return enter(Phase::kDiscard, world_.limits.body_ms);
  }
  if (too_large) return fault({413, "body_too_large", "the body is larger than this API takes"});
  if (!head.has_body()) return finish_request();
  if (head.expects_continue && unread().empty()) return ask_for_body();
  enter(Phase::kBody, world_.limits.body_ms);
}

void Session::ask_for_body() {
  const auto bytes = asio::buffer(kContinue.data(), kContinue.size());
  if (!tls_) {
    error_code ec;
    const size_t n = socket_.write_some(bytes, ec);
    if (ec || n < kContinue.size()) return close();
    return enter(Phase::kBody, world_.limits.body_ms);
  }
  // Nothing else may be written before this has been.
  enter(Phase::kContinuing, world_.limits.write_ms);
  tls_->async_write_some(bytes, [me = self()](error_code ec, size_t n) {
    if (me->phase_ == Phase::kClosed) return;
    if (ec || n < kContinue.size()) return me->close();
    me->enter(Phase::kBody, me->world_.limits.body_ms);
    me->advance();
  });
}

bool Session::step_body() {
  size_t taken = 0;
  const auto bad = parser_.feed(unread(), body, taken);
  from_ += taken;
  if (bad && phase_ == Phase::kDiscard) return response.close = true, send(), true;
  if (bad) return fault(*bad), true;
  if (!parser_.complete()) return read(), false;
  phase_ == Phase::kDiscard ? send() : finish_request();
  return true;
}

void Session::finish_request() {
  phase_ = Phase::kHandling;
  deadline_ns_ = 0;
  world_.handler.handle(*this);
}

void Session::fault(const RequestFault& fault) {
  response.clear();
  world_.handler.refuse(*this, fault);
  response.close = true;
  send();
}

void Session::respond() {
  if (phase_ == Phase::kClosed) return;
  send();
  advance();
}

void Session::send() {
  ended_ns = world_.clock.monotonic_ns();
  phase_ = Phase::kWriting;
  deadline_ns_ = ended_ns + world_.limits.write_ms * 1'000'000;
  world_.handler.sending(*this);
  keep_alive_ = keep_alive_ && !response.close && !world_.draining;
  if (keep_alive_ && head.version == 10) response.add("Connection", "keep-alive");
  write_head(response, world_.date.at(ended_ns), keep_alive_, out_);
  if (head.method != Method::kHead) out_.append(response.payload());
  written_ = 0;
  if (tls_) return write_rest();
  error_code ec;
  const size_t n = socket_.write_some(asio::buffer(out_), ec);
  if (ec && ec != asio::error::would_block) return close();
  if (!ec) written_ = n;
  if (written_ == out_.size()) return sent();
  write_rest();
}

void Session::write_rest() {
  auto done = [me = self()](error_code ec, size_t n) {
    if (me->phase_ == Phase::kClosed) return;
    if (ec) return me->close();
    me->written_ += n;
    if (me->written_ < me->out_.size()) return me->write_rest();
    me->ended_ns = me->world_.clock.monotonic_ns();
    me->sent();
    me->advance();
  };
  const auto rest = asio::buffer(out_.data() + written_, out_.size() - written_);
  if (tls_)
    tls_->async_write_some(rest, std::move(done));
  else
    socket_.async_write_some(rest, std::move(done));
}

void Session::sent() {
  if (out_.capacity() > kLargestBuffer) out_ = std::string();
  if (body.capacity() > kLargestBuffer) body = std::string();
  out_.clear();
  if (!keep_alive_) return linger();
  phase_ = Phase::kIdle;
  deadline_ns_ = ended_ns + world_.limits.idle_ms * 1'000'000;
}

// A close with bytes unread would reset the connection and take the answer from the client: what it still sends is
// read and dropped for a while.
void Session::linger() {
  enter(Phase::kLinger, world_.limits.linger_ms);
  tls_ ? say_goodbye() : shut_down();
}

// The other end learns that nothing was cut off. What it says to that does not matter.
void Session::say_goodbye() {
  tls_->async_shutdown([me = self()](error_code) {
    if (me->phase_ != Phase::kLinger) return;
    me->tls_.reset();
    me->shut_down();
  });
}

void Session::shut_down() {
  error_code ec;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
  if (ec) return close();
  from_ = to_ = 0;
  read();
}

void Session::check(int64_t now_ns) {
  if (deadline_ns_ == 0 || now_ns < deadline_ns_) return;
  switch (phase_) {
    case Phase::kHead:
      return fault({408, "request_timeout", "the head took too long"});
    case Phase::kBody:
      return fault({408, "request_timeout", "the body took too long"});
    default:
      return close();
  }
}

void Session::close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  const auto keep = shared_from_this();
  error_code ec;
  socket_.close(ec);
  world_.closed(*this);
}

}  // namespace stoa
