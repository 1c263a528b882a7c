// As much of a response's head as a load generator must know.
#pragma once

#include <cstddef>
#include <string_view>

namespace stoa::bench {

struct ResponseHead {
  int status = 0;  // 0: this is no response with a Content-Length
  size_t head_bytes = 0;
  size_t body_bytes = 0;
  bool closes = false;  // the server will close the connection after it
};

// False while the head is incomplete.
bool read_head(std::string_view received, ResponseHead& head);

}  // namespace stoa::bench
