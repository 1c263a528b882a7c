#include "gateway/trace_context.hpp"

namespace stoa {
namespace {

void append_hex(uint64_t v, std::string& out) {
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[v >> shift & 15];
}

bool is_lower_hex(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == text.npos; }
bool is_zero(std::string_view text) { return text.find_first_not_of('0') == text.npos; }

}  // namespace

std::string trace_of(std::string_view traceparent, Random& random) {
  // version-trace-parent-flags; later versions may be longer.
  const bool shaped = traceparent.size() >= 55 && traceparent[2] == '-' && traceparent[35] == '-' &&
                      traceparent[52] == '-' && is_lower_hex(traceparent.substr(0, 2)) &&
                      traceparent.substr(0, 2) != "ff" &&
                      (traceparent.size() == 55 || traceparent.substr(0, 2) != "00");
  if (shaped) {
    const std::string_view trace = traceparent.substr(3, 32), parent = traceparent.substr(36, 16);
    if (is_lower_hex(trace) && is_lower_hex(parent) && !is_zero(trace) && !is_zero(parent)) return std::string(trace);
  }
  std::string out;
  append_hex(random.u64() | 1, out);
  append_hex(random.u64(), out);
  return out;
}

std::string traceparent_of(std::string_view trace_id, Random& random) {
  std::string out = "00-";
  out.append(trace_id).append("-");
  append_hex(random.u64() | 1, out);
  out.append("-01");
  return out;
}

bool is_request_id(std::string_view text) {
  if (text.empty() || text.size() > 128) return false;
  for (const char c : text) {
    if (c <= ' ' || c > '~') return false;
  }
  return true;
}

}  // namespace stoa
