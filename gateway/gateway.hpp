// The public HTTP API on one loop. Everything here happens on that loop, and nothing blocks.
//
//   Gateway gateway(loop.context(), options, parts);
//   if (auto started = gateway.start(); !started) ...
//   gateway.drain([] { ... });   // then destroy it on the loop's thread, or once the loop has stopped
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "actors/runtime/router.hpp"
#include "actors/runtime/service.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "gateway/authenticator.hpp"
#include "gateway/body_cache.hpp"
#include "gateway/gateway_options.hpp"
#include "gateway/log_sink.hpp"
#include "gateway/metrics.hpp"

namespace stoa {

class RequestHandler;  // gateway/exchange.hpp

// What the gateway works with; all of it outlives the gateway.
struct GatewayParts {
  Router& router;
  const std::vector<Service>& services;
  const Clock& clock;
  Random& random;  // fit for secrets
  Authenticator& authenticator;
  Metrics& metrics;
  LogSink* log = nullptr;
  BodyCache* cache = nullptr;
};

class Gateway {
 public:
  Gateway(boost::asio::io_context& loop, GatewayOptions options, GatewayParts parts);
  ~Gateway();

  // What every request goes through, whoever carries it: connections, or a simulation without any.
  RequestHandler& handler();

  // Binds and listens. The error names the address.
  Result<void> start();
  uint16_t port() const;

  // From the next request on. A rate whose policy stays keeps its counts.
  void set_limits(const GatewayLimits& limits);
  // The keys of the cluster, as GatewayOptions has them. REQUIRES a secret of at least 16 bytes.
  void set_keys(std::string secret, std::string jwks);

  // Takes no new connections, refuses new requests with `draining`, finishes those in flight, closes, then calls
  // `done`.
  void drain(std::function<void()> done);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stoa
