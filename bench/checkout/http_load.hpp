// Load in the closed model: each connection sends its next request when it has the answer to the last one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bench/checkout/measured.hpp"

namespace stoa::bench {

// Replaces `request` by the next one, head and body. Called on one thread at a time.
using NextRequest = std::function<void(std::string& request)>;

struct HttpLoad {
  std::vector<uint16_t> ports;  // on 127.0.0.1; connections take them in turns
  int connections = 1;
  int status = 200;  // what every answer must have
  double seconds = 1;
  std::function<NextRequest(int connection)> requests;
};

// Runs on two threads, so that the generator alone is not the limit of a server on the same two cores. A connection
// that the server announces to close is opened anew. Throws at the first other answer or failure.
Measured run_load(const HttpLoad& load);

}  // namespace stoa::bench
