// One keep-alive connection to the target, carrying one call at a time. One thread, that of its io_context.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/http_message.hpp"

namespace stoa::scenarios {

// A request on its way.
struct HttpCall {
  std::string bytes;  // of the whole request
  std::function<void(HttpResponse)> done;
  int64_t deadline_ns = 0;  // monotonic
  bool may_repeat = false;  // once more, should a kept connection turn out to be closed
};

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

// Kept alive by its pending operations. Tells its owner the outcome exactly once per call.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  // What became of a call. `response` holds the answer, or status 0 and the error.
  struct Outcome {
    HttpResponse response;
    bool reusable = false;    // the connection can carry another call
    bool went_stale = false;  // it had been kept open, and closed before any byte of this answer came
  };
  using Finished = std::function<void(HttpConnection&, Outcome)>;

  HttpConnection(boost::asio::io_context& io, const Endpoints& endpoints, Finished finished);

  // REQUIRES no call being carried. Never finishes before it returns.
  void carry(HttpCall call);
  // Ends the call with this error, if there is one, and closes the connection.
  void abort(const std::string& error);

  bool busy() const { return call_.has_value(); }
  HttpCall& call() { return *call_; }
  HttpCall take_call();

  int64_t idle_since_ns = 0;  // kept by the owner

 private:
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
  using Parser = boost::beast::http::response_parser<boost::beast::http::string_body>;
  using ErrorCode = boost::system::error_code;

  void connect();
  void write();
  void await_bytes();
  void read();
  bool parse(bool at_end);
  void succeed();
  void fail(const std::string& error);

  Socket socket_;
  const Endpoints& endpoints_;
  Finished finished_;
  std::optional<HttpCall> call_;
  std::optional<Parser> parser_;
  boost::beast::flat_buffer buffer_;
  uint64_t generation_ = 0;  // of the call; what completes for an earlier one is ignored
  bool kept_ = false;        // it has carried a call before
  bool heard_ = false;       // a byte of the answer has come
};

}  // namespace stoa::scenarios
