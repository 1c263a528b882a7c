// One HTTP request on a connection of its own: for what a measurement needs before and after it.
#pragma once

#include <cstdint>
#include <string>

namespace stoa::bench {

struct HttpAnswer {
  int status = 0;  // 0: nobody answered
  std::string body;
};

// A whole request, keep-alive. `headers` is complete lines, each with its CRLF.
std::string http_request(const std::string& method, const std::string& target, const std::string& headers,
                         const std::string& body);

// To 127.0.0.1. A server that is not there is a status of 0.
HttpAnswer http_call(uint16_t port, const std::string& request);

}  // namespace stoa::bench
