#include "inspector/admin_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>

namespace stoa {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr uint64_t kMaxBodyBytes = 64 * 1024 * 1024;

// One request, answered or given up. One thread, which waits in run().
class Exchange {
 public:
  Exchange(const AdminAddress& address, const AdminCall& call) : address_(address), resolver_(loop_), stream_(loop_) {
    request_.version(11);
    request_.method_string(call.method);
    request_.target(call.path);
    request_.set(http::field::host, address.text());
    request_.set(http::field::connection, "close");
    if (!call.token.empty()) request_.set(http::field::authorization, "Bearer " + call.token);
    if (!call.if_match.empty()) request_.set(http::field::if_match, "\"" + call.if_match + "\"");
    if (!call.body.empty()) request_.set(http::field::content_type, "application/json");
    request_.body() = call.body;
    request_.prepare_payload();
    parser_.body_limit(kMaxBodyBytes);
  }

  Result<AdminReply> run(int timeout_ms) {
    resolver_.async_resolve(address_.host, address_.port, [this](beast::error_code e, const auto& found) {
      if (failed(e)) return;
      stream_.async_connect(found, [this](beast::error_code error, const auto&) { send(error); });
    });
    loop_.run_for(std::chrono::milliseconds(timeout_ms));
    if (!done_) return wrong("does not answer");
    if (error_) return wrong(error_.message());
    AdminReply reply;
    reply.status = static_cast<int>(parser_.get().result_int());
    reply.etag = std::string(parser_.get()[http::field::etag]);
    if (reply.etag.size() > 1) reply.etag = reply.etag.substr(1, reply.etag.size() - 2);
    reply.body = parser_.release().body();
    return reply;
  }

  Error wrong(const std::string& what) const {
    return {"the admin port " + address_.text() + ": " + what +
            "; is a node running there? --attach HOST:PORT names another"};
  }

 private:
  void send(beast::error_code connected) {
    if (failed(connected)) return;
    http::async_write(stream_, request_, [this](beast::error_code written, size_t) {
      if (failed(written)) return;
      http::async_read(stream_, buffer_, parser_, [this](beast::error_code e, size_t) { failed(e), done_ = true; });
    });
  }

  bool failed(beast::error_code error) {
    if (!error) return false;
    error_ = error;
    return done_ = true;
  }

  const AdminAddress address_;
  http::request<http::string_body> request_;
  http::response_parser<http::string_body> parser_;
  asio::io_context loop_;
  asio::ip::tcp::resolver resolver_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  beast::error_code error_;
  bool done_ = false;
};

}  // namespace

Result<AdminAddress> parse_admin_address(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return Error{"\"" + text + "\" is not HOST:PORT"};
  AdminAddress address{text.substr(0, colon), text.substr(colon + 1)};
  if (address.port.empty() || address.port.size() > 5 ||
      address.port.find_first_not_of("0123456789") != std::string::npos) {
    return Error{"\"" + text + "\" is not HOST:PORT"};
  }
  if (address.host.front() == '[' && address.host.back() == ']') {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  return address;
}

Result<std::string> admin_get(const AdminAddress& address, const std::string& path, int timeout_ms) {
  AdminCall call;
  call.path = path;
  Exchange exchange(address, call);
  auto reply = exchange.run(timeout_ms);
  if (!reply) return reply.error();
  if (reply->status != 200) return exchange.wrong("answered " + std::to_string(reply->status));
  return std::move(reply->body);
}

Result<AdminReply> admin_call(const AdminAddress& address, const AdminCall& call, int timeout_ms) {
  return Exchange(address, call).run(timeout_ms);
}

}  // namespace stoa
