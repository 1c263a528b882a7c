#include "tests/gateway/wire.hpp"

#include <cctype>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace stoa::test {

Wire::Wire(uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const timeval limit{20, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
}
Wire::~Wire() { ::close(socket_); }

void Wire::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;  // the server has had enough; what it said is read next
    bytes.remove_prefix(static_cast<size_t>(n));
  }
}

bool Wire::more() {
  char chunk[16 * 1024];
  const ssize_t n = ::recv(socket_, chunk, sizeof chunk, 0);
  if (n > 0) in_.append(chunk, static_cast<size_t>(n));
  return n > 0;
}

bool Wire::ended() {
  while (more()) {
  }
  return in_.empty();
}

Wire::Reply Wire::read(bool head_only) {
  Reply reply;
  size_t end = 0;
  while ((end = in_.find("\r\n\r\n")) == in_.npos) {
    if (!more()) return reply;
  }
  const std::string head = in_.substr(0, end + 2);
  in_.erase(0, end + 4);
  reply.status = std::stoi(head.substr(9, 3));
  for (size_t at = head.find("\r\n") + 2; at < head.size();) {
    const size_t line_end = head.find("\r\n", at), colon = head.find(": ", at);
    std::string name = head.substr(at, colon - at);
    for (char& c : name) c = static_cast<char>(std::tolower(c));
    reply.fields[name] = head.substr(colon + 2, line_end - colon - 2);
    at = line_end + 2;
  }
  const bool none = head_only || reply.fields.count("content-length") == 0;
  const size_t length = none ? 0 : std::stoul(reply.fields["content-length"]);
  while (in_.size() < length && more()) {
  }
  reply.body = in_.substr(0, length);
  in_.erase(0, reply.body.size());
  return reply;
}

std::string request(std::string_view method, std::string_view target, std::string_view fields, std::string_view body) {
  std::string out = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: shop.test\r\n";
  out += fields;
  if (!body.empty()) {
    if (fields.find("Content-Type") == fields.npos) out += "Content-Type: application/json\r\n";
    out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  return out + "\r\n" + std::string(body);
}

}  // namespace stoa::test
