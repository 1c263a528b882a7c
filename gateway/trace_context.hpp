// W3C trace context, version 00: a caller's trace is joined, otherwise one begins here.
#pragma once

#include <string>
#include <string_view>

#include "base/random.hpp"

namespace stoa {

// `out` becomes the 32 hex digits of the trace that `traceparent` names; a new one when it names none properly.
void trace_of(std::string_view traceparent, Random& random, std::string& out);
// What is sent back, appended: this trace, a span of this hop, sampled.
void append_traceparent(std::string_view trace_id, Random& random, std::string& out);
// A client's X-Request-Id that may be repeated in answers and logs: 1-128 visible ASCII characters.
bool is_request_id(std::string_view text);

}  // namespace stoa
