// A request and its answer, as the load tool sees them.
#pragma once

#include <string>
#include <string_view>

namespace stoa::scenarios {

struct HttpRequest {
  std::string method;   // upper case
  std::string path;     // with its query
  std::string headers;  // further lines, each "Name: value\r\n"; Host and Content-Length are added
  std::string body;
};

struct HttpResponse {
  int status = 0;       // 0: no answer, and error says why
  std::string headers;  // lines "Name: value\n", as they came
  std::string body;
  std::string error;
};

// The value of a header, its name compared without case; "" when it is not there.
std::string_view header_of(const HttpResponse& response, std::string_view name);

// Whether a header line can be made of these without breaking the message apart.
bool is_header_name(std::string_view name);
bool is_header_value(std::string_view value);
// Whether a request target can be sent as it is: from "/" on, visible ASCII.
bool is_request_path(std::string_view path);

// Repeating it changes nothing, so a request that a closing connection swallowed may be sent again.
bool is_idempotent(std::string_view method);

// The request as bytes of HTTP/1.1.
std::string encoded(const HttpRequest& request, std::string_view authority);

}  // namespace stoa::scenarios
