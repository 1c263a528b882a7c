#include "bench/checkout/http_call.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "bench/checkout/response_head.hpp"

namespace stoa::bench {

std::string http_request(const std::string& method, const std::string& target, const std::string& headers,
                         const std::string& body) {
  std::string request = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers;
  if (!body.empty()) {
    request += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  }
  return request + "\r\n" + body;
}

HttpAnswer http_call(uint16_t port, const std::string& request) {
  namespace asio = boost::asio;
  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  boost::system::error_code error;
  socket.connect({asio::ip::address_v4::loopback(), port}, error);
  if (!error) asio::write(socket, asio::buffer(request), error);
  std::string received;
  ResponseHead head;
  char block[16 * 1024];
  while (!error) {
    received.append(block, socket.read_some(asio::buffer(block), error));
    if (!read_head(received, head)) continue;
    if (head.status == 0 ? error == asio::error::eof : received.size() >= head.head_bytes + head.body_bytes) {
      return {head.status, received.substr(head.head_bytes, head.body_bytes)};
    }
  }
  return {};
}

}  // namespace stoa::bench
