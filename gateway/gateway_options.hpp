// What an operator can set on the gateway, with the values that careful edges settle on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stoa {

struct RatePolicy {
  int64_t quota = 0;  // requests in a window, which may come at once
  int64_t window_ms = 1000;
};

// Bounds of one connection.
struct ConnectionLimits {
  size_t head_bytes = 32 * 1024;
  size_t header_count = 100;
  size_t target_bytes = 8 * 1024;
  size_t body_bytes = 1024 * 1024;
  int64_t head_ms = 10'000;   // from a head's first byte to its last
  int64_t body_ms = 60'000;   // between two reads of a body
  int64_t idle_ms = 75'000;   // between two requests
  int64_t write_ms = 60'000;  // for one response
  int64_t linger_ms = 2'000;  // to read what the client still sends after a refusal
  int requests = 10'000;      // then the connection is closed
  int64_t sweep_ms = 250;     // how often the above times are looked at
};

// What may change while the gateway runs.
struct GatewayLimits {
  int max_in_flight = 1024;                // requests waiting for the router; beyond: 503 overloaded
  std::optional<RatePolicy> address_rate;  // nullopt: off
  std::optional<RatePolicy> user_rate;
  int64_t default_wait_ms = 5'000;  // Prefer: wait, where a route may wait
};

// Paths of PEM files.
struct HttpsFiles {
  std::string cert;  // with its chain
  std::string key;
};

struct GatewayOptions {
  std::string host = "127.0.0.1";
  uint16_t port = 0;                // 0: any free port
  std::optional<HttpsFiles> https;  // nullopt: plain HTTP
  bool reuse_port = false;          // several gateways of one node share the port, one per loop
  GatewayLimits limits;             // at first
  int max_connections = 10'000;
  ConnectionLimits connection;
  int64_t call_deadline_ms = 5'000;  // for the router, on top of what the client waits
  int64_t max_wait_ms = 30'000;
  RatePolicy failed_logins{5, 60'000};    // per address and email, always on
  std::vector<std::string> cors_origins;  // exact origins, "https://shop.example"
  // At least 16 bytes, the same on all gateways of the cluster and for ever: cursors, key hashes. Empty: requests are
  // refused with `unavailable` until set_keys().
  std::string secret;
  std::string jwks;  // the public keys, as /.well-known/jwks.json shows them
  std::string version = "0.1.0";
};

}  // namespace stoa
