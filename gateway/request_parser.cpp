#include "gateway/request_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

namespace stoa {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BeastView = boost::beast::string_view;

std::string_view view(BeastView v) { return {v.data(), v.size()}; }

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::kGet;
    case http::verb::head:
      return Method::kHead;
    case http::verb::post:
      return Method::kPost;
    case http::verb::put:
      return Method::kPut;
    case http::verb::patch:
      return Method::kPatch;
    case http::verb::delete_:
      return Method::kDelete;
    case http::verb::options:
      return Method::kOptions;
    default:
      return Method::kOther;
  }
}

RequestFault malformed(std::string_view detail) { return {400, "malformed_request", detail}; }

// Fields that must not come twice: which one counts would depend on who reads them.
constexpr std::string_view kOnce[] = {"host",           "authorization",     "content-type",
                                      "content-length", "transfer-encoding", "expect",
                                      "if-match",       "idempotency-key",   "traceparent"};

bool is_decimal(std::string_view text) {
  if (text.empty() || text.size() > 18) return false;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

bool is_host(std::string_view host) {
  for (const char c : host) {
    const bool fine = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      std::string_view("-._~:[]%").find(c) != std::string_view::npos;
    if (!fine) return false;
  }
  return !host.empty();
}

// A server must take the absolute form too: RFC 9112, 3.2.2. The authority in it says no more than Host does here.
std::string_view origin_form(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!same_token(target.substr(0, scheme.size()), scheme)) continue;
    const size_t slash = target.find('/', scheme.size());
    return slash == target.npos ? std::string_view("/") : target.substr(slash);
  }
  return target;
}

std::optional<RequestFault> check_framing(RequestHead& head) {
  const bool coded = head.has("transfer-encoding");
  if (head.has("content-length")) {
    if (coded) return malformed("Content-Length and Transfer-Encoding together");
    const std::string_view text = head.find("content-length");
    if (!is_decimal(text)) return malformed("Content-Length is not a number");
    uint64_t length = 0;
    for (const char c : text) length = length * 10 + static_cast<uint64_t>(c - '0');
    head.content_length = length;
  }
  if (!coded) return std::nullopt;
  if (head.version < 11) return malformed("Transfer-Encoding in HTTP/1.0");
  if (!same_token(head.find("transfer-encoding"), "chunked")) {
    return RequestFault{501, "not_implemented", "the only transfer coding is chunked"};
  }
  head.chunked = true;
  return std::nullopt;
}

std::optional<RequestFault> check_fields(RequestHead& head) {
  for (const std::string_view name : kOnce) {
    if (head.count(name) > 1) return malformed("a header field that must come once came twice");
  }
  if (head.version != 10 && head.version != 11) {
    return RequestFault{505, "http_version_not_supported", "HTTP/1.1 and HTTP/1.0 are spoken here"};
  }
  const bool has_host = head.has("host");
  if (!has_host && head.version == 11) return malformed("Host is missing");
  if (has_host && !is_host(head.find("host"))) return malformed("Host is not a host");
  if (const auto fault = check_framing(head)) return fault;
  const std::string_view expect = head.find("expect");
  if (same_token(expect, "100-continue")) {
    head.expects_continue = head.version == 11;
  } else if (!expect.empty()) {
    return RequestFault{417, "expectation_failed", "the only expectation is 100-continue"};
  }
  return std::nullopt;
}

}  // namespace

class RequestParser::Beast final : public http::basic_parser<true> {
 public:
  Beast(RequestHead* head, const ConnectionLimits& limits) : head_(head), body_bytes_(limits.body_bytes) {
    header_limit(static_cast<uint32_t>(limits.head_bytes + 64));
    // Above our own bound, which answers with more care.
    body_limit(std::uint64_t{1} << 62);
  }

  void into(std::string* body) { body_ = body; }
  bool too_large() const { return too_large_; }

 private:
  void on_request_impl(http::verb verb, BeastView text, BeastView target, int version, error_code&) override {
    head_->method = method_of(verb);
    head_->method_text = view(text);
    head_->target = view(target);
    head_->version = version;
  }
  void on_response_impl(int, BeastView, int, error_code&) override {}
  void on_field_impl(http::field, BeastView name, BeastView value, error_code&) override {
    if (!in_trailer_) head_->fields.push_back({view(name), view(value)});
  }
  void on_header_impl(error_code&) override { in_trailer_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(BeastView bytes, error_code& ec) override { return take(bytes, ec); }
  void on_chunk_header_impl(std::uint64_t, BeastView, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastView bytes, error_code& ec) override { return take(bytes, ec); }
  void on_finish_impl(error_code&) override {}

  std::size_t take(BeastView bytes, error_code& ec) {
    if (body_->size() + bytes.size() > body_bytes_) {
      too_large_ = true;
      ec = http::error::body_limit;
      return 0;
    }
    body_->append(bytes.data(), bytes.size());
    return bytes.size();
  }

  RequestHead* head_;
  size_t body_bytes_;
  std::string* body_ = nullptr;
  bool in_trailer_ = false;
  bool too_large_ = false;
};

RequestParser::RequestParser() = default;
RequestParser::~RequestParser() = default;

std::optional<RequestFault> RequestParser::begin(std::string_view bytes, const ConnectionLimits& limits,
                                                 RequestHead& head) {
  bytes_.assign(bytes);
  head.clear();
  beast_ = std::make_unique<Beast>(&head, limits);
  error_code ec;
  beast_->put(boost::asio::buffer(bytes_), ec);
  if (ec == http::error::bad_version) {
    return RequestFault{505, "http_version_not_supported", "HTTP/1.1 and HTTP/1.0 are spoken here"};
  }
  if (ec && ec != http::error::need_more) return malformed("the head is not HTTP/1.1");
  if (!beast_->is_header_done()) return malformed("the head is not HTTP/1.1");
  if (const auto fault = check_fields(head)) return fault;
  head.keep_alive = beast_->keep_alive();
  const std::string_view target = origin_form(head.target);
  const size_t mark = target.find('?');
  head.path = target.substr(0, mark);
  if (mark != target.npos) head.query = target.substr(mark + 1);
  return std::nullopt;
}

bool RequestParser::complete() const { return beast_->is_done(); }

std::optional<RequestFault> RequestParser::feed(std::string_view bytes, std::string& body, size_t& taken) {
  beast_->into(&body);
  taken = 0;
  while (taken < bytes.size() && !beast_->is_done()) {
    error_code ec;
    const size_t used = beast_->put(boost::asio::buffer(bytes.data() + taken, bytes.size() - taken), ec);
    taken += used;
    if (beast_->too_large()) return RequestFault{413, "body_too_large", "the body is larger than this API takes"};
    if (ec == http::error::need_more || (!ec && used == 0)) break;
    if (ec) return malformed("the body's chunks are not well formed");
  }
  return std::nullopt;
}

}  // namespace stoa
