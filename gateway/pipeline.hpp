// What happens to a request, filter by filter, in the one order that pipeline.cpp shows. A filter returns false when it
// has filled the response. All on one loop.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "actors/runtime/claim_key.hpp"
#include "gateway/exchange.hpp"
#include "gateway/gateway.hpp"
#include "gateway/http_metrics.hpp"
#include "gateway/problem.hpp"
#include "gateway/rate_limiter.hpp"
#include "gateway/route_table.hpp"
#include "gateway/token_cache.hpp"

namespace stoa {

class Pipeline final : public RequestHandler {
 public:
  // All outlive it.
  Pipeline(const GatewayOptions& options, const GatewayParts& parts, const RouteTable& table,
           const ProblemTable& problems, HttpMetrics& metrics);

  bool admit(Exchange& ex) override;
  void handle(Exchange& ex) override;
  void refuse(Exchange& ex, const RequestFault& fault) override;
  void sending(Exchange& ex) override;

  // See Gateway.
  void set_limits(const GatewayLimits& limits);
  void set_secret(std::string secret) { secret_ = std::move(secret); }
  // From now on every request is refused with `draining`.
  void drain() { draining_ = true; }
  int in_flight() const { return in_flight_; }

 private:
  // On the head alone.
  bool limits(Exchange& ex);
  bool route(Exchange& ex);
  bool cross_origin(Exchange& ex);
  bool address_rate(Exchange& ex);
  bool authenticate(Exchange& ex);
  bool user_rate(Exchange& ex);
  bool media(Exchange& ex);
  // With the body.
  struct Sent;
  bool hot_body(Exchange& ex);
  bool document(Exchange& ex, nlohmann::json& doc);
  bool role(Exchange& ex);
  bool idempotency(Exchange& ex, Call& call);
  bool login_rate(Exchange& ex, const nlohmann::json& doc, std::string& login);
  std::optional<Placed> build(Exchange& ex, const nlohmann::json* doc, Call& call, Sent& sent);
  void name_command(const Route& route, RouteInput input, Call& call);

  void call(Exchange& ex, Call call, Placed placed, Sent sent);
  void claim(const Route& route, const Call& call, ClaimKey command, Router::Reply reply);
  void give_back(const Exchange& ex, ClaimKey command);
  void call_shard(Exchange& ex, Call call, Placed placed, const Sent& sent);
  void call_shards(Exchange& ex, Call call, Placed placed, const Sent& sent);
  void answered(Exchange& ex, const Answer& answer, bool replayed, const Sent& sent);
  void listed(Exchange& ex, const std::vector<Answer>& answers, const Sent& sent);

  bool fail(Exchange& ex, std::string_view code, std::string detail, std::vector<FieldError> errors = {});
  bool over(Exchange& ex, RateLimiter& limiter, std::string_view name, std::string_view key);
  void identify(Exchange& ex);
  void compress(Exchange& ex);

  const GatewayOptions& options_;
  const GatewayParts& parts_;
  const RouteTable& table_;
  const ProblemTable& problems_;
  HttpMetrics& metrics_;
  TokenCache tokens_;
  GatewayLimits limits_;
  std::string secret_;
  std::optional<RateLimiter> addresses_, users_;
  RateLimiter logins_;
  SeededRandom spans_;  // trace and span ids differ, and need not be secret
  bool draining_ = false;
  int in_flight_ = 0;
};

}  // namespace stoa
