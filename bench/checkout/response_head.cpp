#include "bench/checkout/response_head.hpp"

#include <charconv>
#include <strings.h>

namespace stoa::bench {
namespace {

constexpr std::string_view kLength = "content-length:";
constexpr std::string_view kConnection = "connection:";

bool begins_with(std::string_view line, std::string_view name) {
  return line.size() >= name.size() && ::strncasecmp(line.data(), name.data(), name.size()) == 0;
}

std::string_view value_of(std::string_view line, std::string_view name) {
  line.remove_prefix(name.size());
  while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  return line;
}

}  // namespace

bool read_head(std::string_view received, ResponseHead& head) {
  head = {};
  size_t at = received.find("\r\n");
  if (at == std::string_view::npos) return false;
  int status = 0;
  if (at >= 12) std::from_chars(received.data() + 9, received.data() + 12, status);
  bool has_length = status == 204;
  while (true) {
    const size_t begin = at + 2;
    at = received.find("\r\n", begin);
    if (at == std::string_view::npos) return false;
    if (at == begin) break;
    const std::string_view line = received.substr(begin, at - begin);
    if (begins_with(line, kLength)) {
      const std::string_view value = value_of(line, kLength);
      has_length = std::from_chars(value.data(), value.data() + value.size(), head.body_bytes).ec == std::errc();
    } else if (begins_with(line, kConnection)) {
      head.closes = begins_with(value_of(line, kConnection), "close");
    }
  }
  head.head_bytes = at + 2;
  if (has_length) head.status = status;
  return true;
}

}  // namespace stoa::bench
