#include "gateway/pipeline.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "gateway/compression.hpp"
#include "gateway/trace_context.hpp"

namespace stoa {
namespace {

constexpr size_t kRateSlots = 16 * 1024;
constexpr size_t kLoginSlots = 4 * 1024;

// "application/json; charset=utf-8" and the patch form of it.
bool is_json_type(std::string_view value) {
  const size_t end = std::min(value.find(';'), value.size());
  const std::string_view type = trimmed(value.substr(0, end));
  if (!same_token(type, "application/json") && !same_token(type, "application/merge-patch+json")) return false;
  std::string_view rest = trimmed(value.substr(std::min(end + 1, value.size())));
  return rest.empty() || same_token(rest, "charset=utf-8") || same_token(rest, "charset=\"utf-8\"");
}

// "q=0", "q=0.000": not at all.
bool is_unwanted(std::string_view parameters) {
  while (!parameters.empty()) {
    const size_t end = std::min(parameters.find(';'), parameters.size());
    const std::string_view one = trimmed(parameters.substr(0, end));
    if (one.size() > 2 && same_token(one.substr(0, 2), "q=")) return one.find_first_not_of("0.", 2) == one.npos;
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
  }
  return false;
}

bool accepts_json(std::string_view accept) {
  if (accept.empty()) return true;
  while (!accept.empty()) {
    const size_t end = std::min(accept.find(','), accept.size());
    const std::string_view one = accept.substr(0, end);
    const size_t mark = std::min(one.find(';'), one.size());
    const std::string_view type = trimmed(is_unwanted(one.substr(mark)) ? std::string_view() : one.substr(0, mark));
    for (const std::string_view fine : {"*/*", "application/*", "application/json", "application/problem+json"}) {
      if (same_token(type, fine)) return true;
    }
    accept.remove_prefix(std::min(end + 1, accept.size()));
  }
  return false;
}

std::string_view fault_text(AuthFault fault) {
  switch (fault) {
    case AuthFault::kExpired:
      return "the access token has expired";
    case AuthFault::kRevoked:
      return "the access token was revoked";
    case AuthFault::kNotYetValid:
      return "the access token is not valid yet";
    default:
      return "the access token is not valid";
  }
}

std::optional<RateLimiter> limiter_of(const std::optional<RatePolicy>& policy, Random& random) {
  if (!policy) return std::nullopt;
  return RateLimiter(*policy, kRateSlots, random.u64());
}

bool same_policy(const std::optional<RatePolicy>& a, const std::optional<RatePolicy>& b) {
  if (!a || !b) return !a && !b;
  return a->quota == b->quota && a->window_ms == b->window_ms;
}

}  // namespace

Pipeline::Pipeline(const GatewayOptions& options, const GatewayParts& parts, const RouteTable& table,
                   const ProblemTable& problems, HttpMetrics& metrics)
    : options_(options),
      parts_(parts),
      table_(table),
      problems_(problems),
      metrics_(metrics),
      tokens_(parts.authenticator),
      limits_(options.limits),
      secret_(options.secret),
      addresses_(limiter_of(limits_.address_rate, parts.random)),
      users_(limiter_of(limits_.user_rate, parts.random)),
      logins_(options.failed_logins, kLoginSlots, parts.random.u64()),
      spans_(parts.random.u64()) {}

void Pipeline::set_limits(const GatewayLimits& limits) {
  if (!same_policy(limits.address_rate, limits_.address_rate))
    addresses_ = limiter_of(limits.address_rate, parts_.random);
  if (!same_policy(limits.user_rate, limits_.user_rate)) users_ = limiter_of(limits.user_rate, parts_.random);
  limits_ = limits;
}

bool Pipeline::admit(Exchange& ex) {
  identify(ex);
  return limits(ex) &&        // 503 draining, 503 overloaded
         route(ex) &&         // 404, 405, OPTIONS, the gateway's own pages
         cross_origin(ex) &&  // preflight, CORS fields
         address_rate(ex) &&  // 429
         authenticate(ex) &&  // 401
         user_rate(ex) &&     // 429
         media(ex);           // 406, 411, 413, 415
}

void Pipeline::identify(Exchange& ex) {
  if (!ex.trace_id.empty()) return;
  trace_of(ex.head.find("traceparent"), spans_, ex.trace_id);
  const std::string_view wanted = ex.head.find("x-request-id");
  ex.request_id.assign(is_request_id(wanted) ? wanted : ex.trace_id);
}

bool Pipeline::fail(Exchange& ex, std::string_view code, std::string detail, std::vector<FieldError> errors) {
  problems_.render(problem(code, std::move(detail), std::move(errors)), ex.trace_id, ex.response);
  if (ex.response.status == 429 || ex.response.status == 503) metrics_.rejected(code);
  return false;
}

bool Pipeline::limits(Exchange& ex) {
  if (draining_) return ex.response.close = true, fail(ex, "draining", "this node is shutting down");
  if (in_flight_ >= limits_.max_in_flight) return fail(ex, "overloaded", "too many requests are in flight");
  if (secret_.empty()) return fail(ex, "unavailable", "this node does not know the cluster's keys yet");
  return true;
}

bool Pipeline::route(Exchange& ex) {
  if (ex.head.method == Method::kOptions && ex.head.target == "*") {
    ex.response.status = 204;
    return false;
  }
  ex.entry = table_.find(ex.head.path, ex.path_values);
  if (ex.entry == nullptr) return fail(ex, "not_found", "there is nothing at this path");
  if (ex.head.method == Method::kOptions) return true;
  ex.route = route_for(*ex.entry, ex.head.method);
  if (ex.route != nullptr) return true;
  const bool reads = ex.head.method == Method::kGet || ex.head.method == Method::kHead;
  if (ex.entry->page != nullptr && reads) return true;
  ex.response.add("Allow", ex.entry->allow);
  return fail(ex, "method_not_allowed", "this path takes: " + ex.entry->allow);
}

bool Pipeline::cross_origin(Exchange& ex) {
  Response& out = ex.response;
  const std::string_view origin = ex.head.find("origin");
  const auto& allowed = options_.cors_origins;
  if (!allowed.empty()) out.add("Vary", "Origin");
  const bool trusted = !origin.empty() && std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
  if (trusted) {
    out.add("Access-Control-Allow-Origin", origin);
    out.add("Access-Control-Expose-Headers",
            "ETag, Location, Retry-After, RateLimit, RateLimit-Policy, Idempotency-Replayed, X-Request-Id");
  }
  if (ex.head.method == Method::kOptions) {
    out.status = 204;
    out.add("Allow", ex.entry->allow);
    if (trusted && ex.head.has("access-control-request-method")) {
      out.add("Access-Control-Allow-Methods", ex.entry->allow);
      out.add(
          "Access-Control-Allow-Headers",
          "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Prefer, X-Request-Id, traceparent");
      out.add("Access-Control-Max-Age", "600");
    }
    return false;
  }
  if (ex.entry->page != nullptr && ex.route == nullptr) {
    const StaticPage& page = *ex.entry->page;
    out.content_type = page.content_type;
    if (page.changes)
      out.body = page.body;
    else
      out.lent = page.body;
    return false;
  }
  return true;
}

bool Pipeline::over(Exchange& ex, RateLimiter& limiter, std::string_view name, std::string_view key) {
  const auto decision = limiter.take(key, ex.began_ns);
  ex.response.fields += rate_limit_fields(name, limiter.policy(), decision);
  if (decision.allowed) return false;
  fail(ex, "rate_limited", "too many requests; see RateLimit and Retry-After");
  return true;
}

bool Pipeline::address_rate(Exchange& ex) {
  return !addresses_ || !over(ex, *addresses_, "address", limited_address(ex.address));
}

bool Pipeline::authenticate(Exchange& ex) {
  const std::string_view value = ex.head.find("authorization");
  if (value.empty()) {
    if (ex.route->access == Access::kAnyone) return true;
    return fail(ex, "unauthenticated", "this call needs an access token");
  }
  const size_t space = std::min(value.find(' '), value.size());
  if (!same_token(value.substr(0, space), "bearer")) {
    return fail(ex, "unauthenticated", "Authorization must be: Bearer <access token>");
  }
  ex.bearer = trimmed(value.substr(space));
  auto verified = tokens_.verify(ex.bearer, parts_.clock.now());
  if (const auto* fault = std::get_if<AuthFault>(&verified)) {
    ex.response.add("WWW-Authenticate", "Bearer realm=\"stoa\", error=\"invalid_token\"");
    return fail(ex, "unauthenticated", std::string(fault_text(*fault)));
  }
  ex.token = std::get<Verified>(verified);
  ex.has_token = true;
  ex.caller = ex.token.caller;
  return true;
}

bool Pipeline::user_rate(Exchange& ex) {
  return !users_ || !ex.has_token || !over(ex, *users_, "user", ex.caller.user.uuid.bytes());
}

bool Pipeline::media(Exchange& ex) {
  if (!accepts_json(ex.head.find("accept"))) return fail(ex, "not_acceptable", "answers are application/json");
  if (ex.route->takes_body && !ex.head.content_length && !ex.head.chunked) {
    return fail(ex, "length_required", "this call takes a body: send Content-Length");
  }
  if (ex.head.has_body() && !is_json_type(ex.head.find("content-type"))) {
    return fail(ex, "unsupported_media_type", "the body must be application/json in UTF-8");
  }
  if (const auto coding = ex.head.find("content-encoding"); !coding.empty() && !same_token(coding, "identity")) {
    return fail(ex, "unsupported_media_type", "the body must be sent as it is, without Content-Encoding");
  }
  if (ex.head.content_length.value_or(0) > options_.connection.body_bytes) {
    return fail(ex, "body_too_large", "the body is larger than this API takes");
  }
  return true;
}

void Pipeline::refuse(Exchange& ex, const RequestFault& fault) {
  identify(ex);
  problems_.render(problem(fault.code, std::string(fault.detail)), ex.trace_id, ex.response);
  metrics_.rejected(fault.code);
}

void Pipeline::compress(Exchange& ex) {
  Response& out = ex.response;
  // A strong tag names these very bytes, so what has one is sent as it is.
  if (out.payload().size() < kWorthCompressing || out.fields.find("ETag:") != std::string::npos) return;
  out.add("Vary", "Accept-Encoding");
  if (!accepts_gzip(ex.head.find("accept-encoding"))) return;
  auto packed = gzipped(out.payload());
  if (!packed) return;
  out.body = std::move(*packed);
  out.lent = {};
  out.add("Content-Encoding", "gzip");
}

void Pipeline::sending(Exchange& ex) {
  Response& out = ex.response;
  compress(ex);
  out.add("X-Request-Id", ex.request_id);
  out.fields.append("traceparent: ");
  append_traceparent(ex.trace_id, spans_, out.fields);
  out.fields.append("\r\n");
  out.add("X-Content-Type-Options", "nosniff");
  if (ex.has_token || ex.head.method == Method::kPost) out.add("Cache-Control", "no-store");
  const int64_t duration_ns = ex.ended_ns - ex.began_ns;
  metrics_.answered(ex.entry == nullptr ? 0 : ex.entry->index, ex.head.method, out.status, duration_ns);
  if (parts_.log == nullptr) return;
  parts_.log->access({ex.head.method_text, ex.entry == nullptr ? std::string_view() : ex.entry->path, out.status,
                      out.code, duration_ns / 1000, ex.trace_id, ex.request_id, ex.address, ex.ended_ns});
}

}  // namespace stoa
