#include "gateway/trace_context.hpp"

namespace stoa {
namespace {

void append_hex(uint64_t v, std::string& out) {
  char digits[16];
  for (int i = 15; i >= 0; --i, v >>= 4) digits[i] = "0123456789abcdef"[v & 15];
  out.append(digits, sizeof digits);
}

bool is_lower_hex(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == text.npos; }
bool is_zero(std::string_view text) { return text.find_first_not_of('0') == text.npos; }

}  // namespace

void trace_of(std::string_view traceparent, Random& random, std::string& out) {
  out.clear();
  // version-trace-parent-flags; later versions may be longer.
  const bool shaped = traceparent.size() >= 55 && traceparent[2] == '-' && traceparent[35] == '-' &&
                      traceparent[52] == '-' && is_lower_hex(traceparent.substr(0, 2)) &&
                      traceparent.substr(0, 2) != "ff" &&
                      (traceparent.size() == 55 || traceparent.substr(0, 2) != "00");
  if (shaped) {
    const std::string_view trace = traceparent.substr(3, 32), parent = traceparent.substr(36, 16);
    if (is_lower_hex(trace) && is_lower_hex(parent) && !is_zero(trace) && !is_zero(parent)) {
      out.append(trace);
      return;
    }
  }
  append_hex(random.u64() | 1, out);
  append_hex(random.u64(), out);
}

void append_traceparent(std::string_view trace_id, Random& random, std::string& out) {
  out.append("00-").append(trace_id).append("-");
  append_hex(random.u64() | 1, out);
  out.append("-01");
}

bool is_request_id(std::string_view text) {
  if (text.empty() || text.size() > 128) return false;
  for (const char c : text) {
    if (c <= ' ' || c > '~') return false;
  }
  return true;
}

}  // namespace stoa
