#include "scenarios/http_message.hpp"

#include <algorithm>

namespace stoa::scenarios {
namespace {

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_without_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char left, char right) { return lowered(left) == lowered(right); });
}

}  // namespace

std::string_view header_of(const HttpResponse& response, std::string_view name) {
  std::string_view rest = response.headers;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const size_t colon = line.find(": ");
    if (colon == name.size() && same_without_case(line.substr(0, colon), name)) return line.substr(colon + 2);
  }
  return {};
}

bool is_header_name(std::string_view name) {
  constexpr std::string_view kAlso = "!#$%&'*+-.^_`|~";
  const auto is_token = [&](char c) {
    const char low = lowered(c);
    return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || kAlso.find(c) != std::string_view::npos;
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), is_token);
}

bool is_header_value(std::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return c == '\t' || (c >= ' ' && c != '\x7f') || c < 0; });
}

bool is_request_path(std::string_view path) {
  return !path.empty() && path[0] == '/' &&
         std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c <= '~'; });
}

bool is_idempotent(std::string_view method) { return method == "GET" || method == "PUT" || method == "DELETE"; }

std::string encoded(const HttpRequest& request, std::string_view authority) {
  std::string bytes;
  bytes.reserve(128 + request.path.size() + request.headers.size() + request.body.size());
  bytes.append(request.method).append(" ").append(request.path).append(" HTTP/1.1\r\nHost: ").append(authority);
  bytes.append("\r\nUser-Agent: stoa-load\r\n").append(request.headers);
  const bool announces =
      !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (announces) bytes.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  bytes.append("\r\n").append(request.body);
  return bytes;
}

}  // namespace stoa::scenarios
