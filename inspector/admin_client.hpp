// Asks the admin port of a node, from another process.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace stoa {

// "127.0.0.1:9090", as --attach takes it.
struct AdminAddress {
  std::string host = "127.0.0.1";
  std::string port = "9090";

  std::string text() const { return host + ":" + port; }
};

// "HOST:PORT", with an IPv6 host in brackets. The error says what is missing.
Result<AdminAddress> parse_admin_address(const std::string& text);

struct AdminCall {
  std::string method = "GET";
  std::string path;  // with its query
  std::string body;
  std::string token;     // the bearer token; empty: none is sent
  std::string if_match;  // an entity tag without quotes; empty: none is sent
};

struct AdminReply {
  int status = 0;
  std::string body;
  std::string etag;  // without quotes
};

// Any answer is a reply; the error, that there was none, names the address and what to do. Blocks up to `timeout_ms`.
Result<AdminReply> admin_call(const AdminAddress& address, const AdminCall& call, int timeout_ms);

// The body of a GET that was answered 200. The error names the address and what to do. Blocks up to `timeout_ms`.
Result<std::string> admin_get(const AdminAddress& address, const std::string& path, int timeout_ms);

}  // namespace stoa
