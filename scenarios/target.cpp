#include "scenarios/target.hpp"

#include <charconv>

namespace stoa::scenarios {
namespace {

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

Error refused(std::string_view url, const std::string& why) {
  return Error{"target \"" + std::string(url) + "\" " + why + "; write http://host:port"};
}

}  // namespace

Result<Target> parse_target(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (starts_with(url, "https://")) {
    return refused(url, "asks for TLS, which this load tool does not speak yet");
  }
  if (!starts_with(url, kScheme)) return refused(url, "is not a URL of http");
  std::string_view rest = url.substr(kScheme.size());
  if (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
  for (const char c : rest) {
    if (c <= ' ' || c > '~') return refused(url, "holds a character that no host name has");
  }
  if (rest.find_first_of("/?#@") != std::string_view::npos) return refused(url, "names more than a host and a port");

  Target target;
  target.authority = std::string(rest);
  target.port = "80";
  size_t host_end = rest.find(':');
  if (starts_with(rest, "[")) {
    const size_t bracket = rest.find(']');
    if (bracket == std::string_view::npos) return refused(url, "opens a bracket that it does not close");
    target.host = std::string(rest.substr(1, bracket - 1));
    host_end = bracket + 1;
  } else {
    target.host = std::string(rest.substr(0, host_end));
  }
  if (target.host.empty()) return refused(url, "names no host");
  if (host_end < rest.size()) {
    const std::string_view port = rest.substr(host_end + 1);
    if (rest[host_end] != ':' || !is_port(port)) return refused(url, "has no port of 1-65535 behind its host");
    target.port = std::string(port);
  }
  return target;
}

}  // namespace stoa::scenarios
