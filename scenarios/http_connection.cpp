#include "scenarios/http_connection.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "base/check.hpp"

namespace stoa::scenarios {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr size_t kReadBytes = 16 * 1024;
constexpr uint64_t kLongestBody = 64 * 1024 * 1024;
constexpr uint32_t kLongestHead = 64 * 1024;

}  // namespace

HttpConnection::HttpConnection(asio::io_context& io, const Endpoints& endpoints, Finished finished)
    : socket_(io), endpoints_(endpoints), finished_(std::move(finished)) {}

void HttpConnection::carry(HttpCall call) {
  STOA_CHECK(!call_, "a connection carries one call at a time");
  call_ = std::move(call);
  ++generation_;
  heard_ = false;
  parser_.emplace();
  parser_->eager(true);
  parser_->body_limit(kLongestBody);
  parser_->header_limit(kLongestHead);
  kept_ = socket_.is_open();
  if (kept_) {
    write();
  } else {
    connect();
  }
}

HttpCall HttpConnection::take_call() {
  HttpCall call = std::move(*call_);
  call_.reset();
  return call;
}

void HttpConnection::connect() {
  asio::async_connect(socket_, endpoints_,
                      [self = shared_from_this(), generation = generation_](ErrorCode error, const auto&) {
                        if (generation != self->generation_ || !self->call_) return;
                        if (error) return self->fail("could not connect: " + error.message());
                        ErrorCode ignored;
                        self->socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
                        self->socket_.non_blocking(true, ignored);
                        self->write();
                      });
}

void HttpConnection::write() {
  // Most requests fit the kernel's buffer whole: one system call, no wait.
  ErrorCode error;
  const std::string& bytes = call_->bytes;
  const size_t sent = socket_.write_some(asio::buffer(bytes), error);
  if (!error && sent == bytes.size()) return await_bytes();
  if (error && error != asio::error::would_block && error != asio::error::try_again) {
    // Reported from the loop: carry() promises not to finish before it returns.
    asio::post(socket_.get_executor(), [self = shared_from_this(), generation = generation_, error] {
      if (generation == self->generation_ && self->call_) self->fail("connection lost: " + error.message());
    });
    return;
  }
  asio::async_write(socket_, asio::buffer(bytes.data() + sent, bytes.size() - sent),
                    [self = shared_from_this(), generation = generation_](ErrorCode failed, size_t) {
                      if (generation != self->generation_ || !self->call_) return;
                      if (failed) return self->fail("connection lost: " + failed.message());
                      self->await_bytes();
                    });
}

// Waits first and reads then: asking a socket that has just been written to costs a system call for nothing.
void HttpConnection::await_bytes() {
  socket_.async_wait(Socket::wait_read, [self = shared_from_this(), generation = generation_](ErrorCode error) {
    if (generation != self->generation_ || !self->call_) return;
    if (error) return self->fail("connection lost: " + error.message());
    self->read();
  });
}

void HttpConnection::read() {
  ErrorCode error;
  const size_t got = socket_.read_some(buffer_.prepare(kReadBytes), error);
  if (error == asio::error::would_block || error == asio::error::try_again) return await_bytes();
  buffer_.commit(got);
  heard_ = heard_ || got > 0;
  if (error && error != asio::error::eof) return fail("connection lost: " + error.message());
  if (!parse(error == asio::error::eof)) return;
  if (parser_->is_done()) return succeed();
  if (error) return fail("connection closed before the whole answer came");
  await_bytes();
}

// False once the call has failed.
bool HttpConnection::parse(bool at_end) {
  ErrorCode error;
  while (buffer_.size() > 0 && !parser_->is_done()) {
    const size_t used = parser_->put(buffer_.data(), error);
    buffer_.consume(used);
    if (error == http::error::need_more) break;
    if (error) return fail("not an answer in HTTP/1.1: " + error.message()), false;
    if (used == 0) break;
  }
  if (at_end && heard_ && !parser_->is_done()) {
    parser_->put_eof(error);
    if (error) return fail("connection closed before the whole answer came"), false;
  }
  return true;
}

void HttpConnection::succeed() {
  auto message = parser_->release();
  Outcome outcome;
  outcome.response.status = static_cast<int>(message.result_int());
  for (const auto& field : message.base()) {
    const auto name = field.name_string();
    const auto value = field.value();
    outcome.response.headers.append(name.data(), name.size())
        .append(": ")
        .append(value.data(), value.size())
        .append("\n");
  }
  outcome.response.body = std::move(message.body());
  // Bytes behind the answer belong to no request: such a connection is not trusted again.
  outcome.reusable = message.keep_alive() && buffer_.size() == 0;
  if (!outcome.reusable) {
    ErrorCode ignored;
    socket_.close(ignored);
    buffer_.clear();
  }
  finished_(*this, std::move(outcome));
}

void HttpConnection::fail(const std::string& error) {
  Outcome outcome;
  outcome.response.error = error;
  outcome.went_stale = kept_ && !heard_;
  ErrorCode ignored;
  socket_.close(ignored);
  buffer_.clear();
  ++generation_;
  finished_(*this, std::move(outcome));
}

void HttpConnection::abort(const std::string& error) {
  kept_ = false;
  if (call_) return fail(error);
  ErrorCode ignored;
  socket_.close(ignored);
}

}  // namespace stoa::scenarios
