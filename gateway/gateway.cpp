#include "gateway/gateway.hpp"

#include "base/check.hpp"
#include "gateway/http_metrics.hpp"
#include "gateway/listener.hpp"
#include "gateway/pages.hpp"
#include "gateway/pipeline.hpp"
#include "gateway/problem.hpp"
#include "gateway/route_table.hpp"

namespace stoa {

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
    STOA_CHECK(options.secret.size() >= 16, "the gateway's secret has at least 16 bytes");
    parts.metrics.add(metrics);
  }
  ~Impl() { parts.metrics.remove(metrics); }

  const GatewayOptions options;
  const GatewayParts parts;
  const ProblemTable problems;
  const std::vector<StaticPage> pages;
  const RouteTable table;
  HttpMetrics metrics;
  Pipeline pipeline;
  Listener listener;
};

Gateway::Gateway(boost::asio::io_context& loop, GatewayOptions options, GatewayParts parts)
    : impl_(std::make_unique<Impl>(loop, std::move(options), parts)) {}
Gateway::~Gateway() = default;

Result<void> Gateway::start() {
  return impl_->listener.start(impl_->options.host, impl_->options.port, impl_->options.reuse_port);
}

uint16_t Gateway::port() const { return impl_->listener.port(); }

void Gateway::drain(std::function<void()> done) {
  impl_->pipeline.drain();
  impl_->listener.drain(std::move(done));
}

}  // namespace stoa
