#include "gateway/gateway.hpp"

#include "base/check.hpp"
#include "gateway/http_metrics.hpp"
#include "gateway/https.hpp"
#include "gateway/listener.hpp"
#include "gateway/pages.hpp"
#include "gateway/pipeline.hpp"
#include "gateway/problem.hpp"
#include "gateway/route_table.hpp"

namespace stoa {

namespace {

constexpr size_t kSecretBytes = 16;  // at least

void check_secret(const std::string& secret) {
  STOA_CHECK(secret.size() >= kSecretBytes, "the gateway's secret has at least 16 bytes");
}

}  // namespace

struct Gateway::Impl {
  Impl(boost::asio::io_context& loop, GatewayOptions o, GatewayParts p)
      : options(std::move(o)),
        parts(p),
        problems(parts.services),
        pages(make_pages(parts.services, problems, options.version, options.jwks)),
        table(parts.services, pages),
        metrics(table, options.version),
        pipeline(options, parts, table, problems, metrics),
        listener(loop, pipeline, options.connection, parts.clock, options.max_connections) {
    if (!options.secret.empty()) check_secret(options.secret);
    parts.metrics.add(metrics);
  }
  ~Impl() { parts.metrics.remove(metrics); }

  const GatewayOptions options;
  const GatewayParts parts;
  const ProblemTable problems;
  std::vector<StaticPage> pages;  // fixed, but for the body of the keys
  const RouteTable table;
  HttpMetrics metrics;
  Pipeline pipeline;
  std::unique_ptr<boost::asio::ssl::context> https;
  Listener listener;
};

Gateway::Gateway(boost::asio::io_context& loop, GatewayOptions options, GatewayParts parts)
    : impl_(std::make_unique<Impl>(loop, std::move(options), parts)) {}
Gateway::~Gateway() = default;

RequestHandler& Gateway::handler() { return impl_->pipeline; }

Result<void> Gateway::start() {
  if (impl_->options.https) {
    auto context = open_https(*impl_->options.https);
    if (!context) return context.error();
    impl_->https = std::move(*context);
    impl_->listener.encrypt(*impl_->https);
  }
  return impl_->listener.start(impl_->options.host, impl_->options.port, impl_->options.reuse_port);
}

void Gateway::set_limits(const GatewayLimits& limits) { impl_->pipeline.set_limits(limits); }

void Gateway::set_keys(std::string secret, std::string jwks) {
  check_secret(secret);
  impl_->pipeline.set_secret(std::move(secret));
  for (StaticPage& page : impl_->pages) {
    if (page.path == kKeysPath) page.body = std::move(jwks);
  }
}

uint16_t Gateway::port() const { return impl_->listener.port(); }

void Gateway::drain(std::function<void()> done) {
  impl_->pipeline.drain();
  impl_->listener.drain(std::move(done));
}

}  // namespace stoa
