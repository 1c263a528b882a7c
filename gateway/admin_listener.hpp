// The admin port. From loopback GET is open; everything that changes something, and from elsewhere all but livez,
// readyz and metrics, needs the bearer token of <data>/admin.token. `Host` is checked (no DNS rebinding), no CORS.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/runtime/route.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "gateway/metrics.hpp"

namespace stoa {

struct AdminRequest {
  std::string method;  // "GET", "PATCH", ...
  std::string path;    // without the query
  std::string query;   // undecoded, without '?'
  std::string body;
  std::vector<std::string> values = {};  // of the path's {…}, in order, undecoded
  std::string if_match = {};             // as sent; empty: it was not
};

struct AdminResponse {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::string etag = {};               // without quotes; empty: none
  std::optional<Answer> refusal = {};  // instead of all above: sent as a problem
};

// A resource of the admin port. The reply is called exactly once, on the listener's loop, at once or later.
struct AdminRoute {
  std::string method = "GET";
  std::string path;  // "/v1/cluster/nodes/{name}": {…} takes any one segment
  std::function<void(const AdminRequest&, std::function<void(AdminResponse)> reply)> handle;
};

// One condition of readiness; `detail` is shown by /readyz?verbose.
struct Readiness {
  std::string name;
  bool ready = false;
  std::string detail;
};

struct AdminOptions {
  std::string host = "127.0.0.1";
  uint16_t port = 0;
  std::vector<std::string> host_names;  // allowed in `Host` besides literal addresses of this host and localhost
  std::string token;                    // of <data>/admin.token
  std::vector<RefusalStatus> refusals;  // that the routes may give, besides the gateway's own
};

class AdminListener {
 public:
  // /livez, /readyz and /metrics are there already. All parts outlive it.
  AdminListener(boost::asio::io_context& loop, AdminOptions options, const Clock& clock, Random& random,
                const Metrics& metrics, std::function<std::vector<Readiness>()> readiness,
                std::vector<AdminRoute> routes);
  ~AdminListener();

  Result<void> start();
  uint16_t port() const;
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stoa
