#include "gateway/admin_listener.hpp"

#include <boost/asio/ip/address.hpp>
#include <nlohmann/json.hpp>

#include "actors/runtime/service.hpp"
#include "gateway/digest.hpp"
#include "gateway/listener.hpp"
#include "gateway/problem.hpp"
#include "gateway/trace_context.hpp"

namespace stoa {
namespace {

constexpr int kMaxAdminConnections = 256;

// The host of a Host field, without port and brackets.
std::string_view host_of(std::string_view field) {
  if (!field.empty() && field.front() == '[') return field.substr(1, field.find(']') - 1);
  return field.substr(0, field.find(':'));
}

bool is_loopback(std::string_view address) {
  boost::system::error_code ec;
  const auto parsed = boost::asio::ip::make_address(std::string(address), ec);
  if (ec) return false;
  if (parsed.is_v6() && parsed.to_v6().is_v4_mapped()) return (parsed.to_v6().to_bytes()[12]) == 127;
  return parsed.is_loopback();
}

ConnectionLimits admin_limits() {
  ConnectionLimits limits;
  limits.head_ms = 5'000;
  return limits;
}

// Whether the path is of the pattern; then `values` are those of its {…}.
bool match(std::string_view pattern, std::string_view path, std::vector<std::string>& values) {
  values.clear();
  while (!pattern.empty() && !path.empty()) {
    const std::string_view want = pattern.substr(0, pattern.find('/', 1)), have = path.substr(0, path.find('/', 1));
    if (want.size() > 1 && want[1] == '{') {
      if (have.size() < 2) return false;
      values.emplace_back(have.substr(1));
    } else if (want != have) {
      return false;
    }
    pattern.remove_prefix(want.size());
    path.remove_prefix(have.size());
  }
  return pattern.empty() && path.empty();
}

ProblemTable table_of(const std::vector<RefusalStatus>& refusals) {
  Service service;
  service.refusals = refusals;
  return ProblemTable({service});
}

}  // namespace

struct AdminListener::Impl final : RequestHandler {
  Impl(boost::asio::io_context& loop, AdminOptions o, const Clock& c, Random& r, const Metrics& m,
       std::function<std::vector<Readiness>()> ready, std::vector<AdminRoute> more)
      : options(std::move(o)),
        random(r),
        metrics(m),
        readiness(std::move(ready)),
        routes(std::move(more)),
        problems(table_of(options.refusals)),
        listener(loop, *this, limits, c, kMaxAdminConnections) {}

  bool admit(Exchange& ex) override {
    identify(ex);
    const std::string_view path = ex.head.path;
    if (!known_host(ex.head.find("host"))) {
      return fail(ex, "misdirected_request", "this Host is not one of this node");
    }
    const bool open = path == "/livez" || path == "/readyz" || path == "/metrics";
    const bool reads = ex.head.method == Method::kGet || ex.head.method == Method::kHead;
    const bool free = reads && (open || is_loopback(ex.address));
    if (!free && !has_token(ex.head.find("authorization"))) {
      return fail(ex, "unauthenticated", "send the bearer token of <data>/admin.token");
    }
    if (open && reads) return true;
    std::string allow = open ? "GET, HEAD" : "";
    std::vector<std::string> values;
    for (const AdminRoute& route : routes) {
      if (!match(route.path, path, values)) continue;
      if (route.method == wanted_method(ex)) return true;
      allow += (allow.empty() ? "" : ", ") + route.method;
    }
    if (allow.empty()) return fail(ex, "not_found", "there is nothing at this path");
    ex.response.add("Allow", allow);
    return fail(ex, "method_not_allowed", "this path takes: " + allow);
  }

  void handle(Exchange& ex) override {
    const std::string_view path = ex.head.path;
    if (path == "/livez") return text(ex, 200, "ok\n");
    if (path == "/metrics") {
      ex.response.content_type = "text/plain; version=0.0.4; charset=utf-8";
      ex.response.body = metrics.text();
      return ex.respond();
    }
    if (path == "/readyz") return ready(ex);
    AdminRequest request{{}, std::string(path), std::string(ex.head.query), ex.body, {}, {}};
    request.if_match = ex.head.find("if-match");
    for (const AdminRoute& route : routes) {
      if (!match(route.path, path, request.values) || route.method != wanted_method(ex)) continue;
      request.method = route.method;
      return route.handle(
          request, [this, keep = ex.shared_from_this()](AdminResponse answer) { answered(*keep, std::move(answer)); });
    }
  }

  void answered(Exchange& ex, AdminResponse answer) {
    if (answer.refusal) {
      problems.render(*answer.refusal, ex.trace_id, ex.response);
      return ex.respond();
    }
    ex.response.status = answer.status;
    ex.response.body = std::move(answer.body);
    ex.response.content_type = "";
    if (!ex.response.body.empty()) ex.response.add("Content-Type", answer.content_type);
    if (!answer.etag.empty()) ex.response.add("ETag", "\"" + answer.etag + "\"");
    ex.respond();
  }

  void refuse(Exchange& ex, const RequestFault& fault) override {
    identify(ex);
    problems.render(problem(fault.code, std::string(fault.detail)), ex.trace_id, ex.response);
  }

  void sending(Exchange& ex) override {
    ex.response.add("X-Content-Type-Options", "nosniff");
    ex.response.add("Cache-Control", "no-store");
  }

  void identify(Exchange& ex) { trace_of(ex.head.find("traceparent"), random, ex.trace_id); }

  bool fail(Exchange& ex, std::string_view code, std::string detail) {
    problems.render(problem(code, std::move(detail)), ex.trace_id, ex.response);
    return false;
  }

  void text(Exchange& ex, int status, std::string body) {
    ex.response.status = status;
    ex.response.content_type = "text/plain; charset=utf-8";
    ex.response.body = std::move(body);
    ex.respond();
  }

  void ready(Exchange& ex) {
    bool all = true;
    std::string lines;
    for (const Readiness& r : readiness()) {
      all = all && r.ready;
      lines += (r.ready ? "[+] " : "[-] ") + r.name + (r.detail.empty() ? "" : ": " + r.detail) + "\n";
    }
    const bool verbose = ex.head.query == "verbose" || ex.head.query.substr(0, 8) == "verbose=";
    text(ex, all ? 200 : 503, (verbose ? lines : "") + (all ? "ok\n" : "not ready\n"));
  }

  // A name from elsewhere that leads here (DNS rebinding) must not let a web page read this port.
  bool known_host(std::string_view field) const {
    const std::string_view host = host_of(field);
    boost::system::error_code ec;
    boost::asio::ip::make_address(std::string(host), ec);
    if (!ec || same_token(host, "localhost") || same_token(host, options.host)) return true;
    for (const std::string& name : options.host_names) {
      if (same_token(host, name)) return true;
    }
    return false;
  }

  bool has_token(std::string_view authorization) const {
    const size_t space = authorization.find(' ');
    if (space == authorization.npos || !same_token(authorization.substr(0, space), "bearer")) return false;
    return !options.token.empty() && same_secret(trimmed(authorization.substr(space)), options.token);
  }

  static std::string_view wanted_method(const Exchange& ex) {
    return ex.head.method == Method::kHead ? std::string_view("GET") : ex.head.method_text;
  }

  const AdminOptions options;
  Random& random;
  const Metrics& metrics;
  const std::function<std::vector<Readiness>()> readiness;
  const std::vector<AdminRoute> routes;
  const ProblemTable problems;
  const ConnectionLimits limits = admin_limits();
  Listener listener;
};

AdminListener::AdminListener(boost::asio::io_context& loop, AdminOptions options, const Clock& clock, Random& random,
                             const Metrics& metrics, std::function<std::vector<Readiness>()> readiness,
                             std::vector<AdminRoute> routes)
    : impl_(std::make_unique<Impl>(loop, std::move(options), clock, random, metrics, std::move(readiness),
                                   std::move(routes))) {}
AdminListener::~AdminListener() = default;

Result<void> AdminListener::start() { return impl_->listener.start(impl_->options.host, impl_->options.port, false); }
uint16_t AdminListener::port() const { return impl_->listener.port(); }
void AdminListener::stop() { impl_->listener.stop(); }

}  // namespace stoa
