#include "scenarios/http_client.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/check.hpp"
#include "scenarios/quantity.hpp"

namespace stoa::scenarios {

HttpClient::HttpClient(boost::asio::io_context& io, Target target, HttpLimits limits, const Clock& clock)
    : io_(io), target_(std::move(target)), limits_(limits), clock_(clock), sweeper_(io) {
  arm_sweep();
}

HttpClient::~HttpClient() {
  waiting_.clear();
  for (const auto& connection : connections_) {
    if (connection->busy()) connection->take_call();
    connection->abort("");
  }
}

Result<void> HttpClient::resolve() {
  boost::system::error_code error;
  boost::asio::ip::tcp::resolver resolver(io_);
  const auto found = resolver.resolve(target_.host, target_.port, error);
  if (error) return Error{"cannot find host \"" + target_.host + "\": " + error.message()};
  for (const auto& entry : found) endpoints_.push_back(entry.endpoint());
  return {};
}

void HttpClient::send(const HttpRequest& request, std::function<void(HttpResponse)> done) {
  STOA_CHECK(!endpoints_.empty(), "the target has been looked up");
  HttpCall call;
  call.bytes = encoded(request, target_.authority);
  call.done = std::move(done);
  call.deadline_ns = clock_.monotonic_ns() + limits_.timeout_ns;
  call.may_repeat = is_idempotent(request.method);
  start(std::move(call));
}

std::vector<HttpResponse> HttpClient::send_all(const std::vector<HttpRequest>& requests, size_t at_once) {
  std::vector<HttpResponse> responses(requests.size());
  size_t next = 0;
  size_t answered = 0;
  std::function<void()> send_next = [&] {
    if (next == requests.size()) return;
    const size_t at = next++;
    send(requests[at], [&, at](HttpResponse response) {
      responses[at] = std::move(response);
      ++answered;
      send_next();
    });
  };
  for (size_t started = 0; started < at_once && started < requests.size(); ++started) send_next();
  while (answered < requests.size()) io_.run_one();
  return responses;
}

void HttpClient::run_for(int64_t ns) {
  bool over = false;
  boost::asio::steady_timer timer(io_, std::chrono::nanoseconds(ns));
  timer.async_wait([&](boost::system::error_code) { over = true; });
  while (!over) io_.run_one();
}

void HttpClient::start(HttpCall call) {
  const auto connection = free_connection();
  if (!connection) return waiting_.push_back(std::move(call));
  ++busy_;
  connection->carry(std::move(call));
}

std::shared_ptr<HttpConnection> HttpClient::free_connection() {
  if (!idle_.empty()) {
    HttpConnection* connection = idle_.back();
    idle_.pop_back();
    return connection->shared_from_this();
  }
  if (connections_.size() >= limits_.connections) return nullptr;
  ++opened_;
  connections_.push_back(std::make_shared<HttpConnection>(
      io_, endpoints_, [this](HttpConnection& connection, HttpConnection::Outcome outcome) {
        finished(connection, std::move(outcome));
      }));
  return connections_.back();
}

void HttpClient::finished(HttpConnection& connection, HttpConnection::Outcome outcome) {
  HttpCall call = connection.take_call();
  --busy_;
  if (outcome.reusable) {
    connection.idle_since_ns = clock_.monotonic_ns();
    idle_.push_back(&connection);
  } else {
    discard(connection);
  }
  if (outcome.went_stale && call.may_repeat) {
    call.may_repeat = false;
    return start(std::move(call));
  }
  if (!waiting_.empty()) {
    HttpCall next = std::move(waiting_.front());
    waiting_.pop_front();
    start(std::move(next));
  }
  call.done(std::move(outcome.response));
}

// Pending operations keep a discarded connection alive until they have ended.
void HttpClient::discard(const HttpConnection& connection) {
  const auto at = std::find_if(connections_.begin(), connections_.end(),
                               [&](const auto& owned) { return owned.get() == &connection; });
  STOA_CHECK(at != connections_.end(), "every connection is owned until it is discarded");
  connections_.erase(at);
}

void HttpClient::arm_sweep() {
  sweeper_.expires_after(std::chrono::milliseconds(kSweepMs));
  sweeper_.async_wait([this](boost::system::error_code error) {
    if (!error) sweep();
  });
}

void HttpClient::sweep() {
  const int64_t now_ns = clock_.monotonic_ns();
  const std::string late = "no answer within " + show_duration(limits_.timeout_ns);
  // Ended calls run their callers' code, which may send again: first find them, then end them.
  std::vector<std::shared_ptr<HttpConnection>> overdue;
  for (const auto& connection : connections_) {
    if (connection->busy() && connection->call().deadline_ns <= now_ns) overdue.push_back(connection);
  }
  std::vector<HttpCall> never_sent;
  while (!waiting_.empty() && waiting_.front().deadline_ns <= now_ns) {
    never_sent.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  for (const auto& connection : overdue) connection->abort(late);
  for (HttpCall& call : never_sent) {
    HttpResponse response;
    response.error = late + ", for want of a free connection";
    call.done(std::move(response));
  }
  // The first in the list have waited longest.
  while (!idle_.empty() && now_ns - idle_.front()->idle_since_ns > limits_.idle_close_ns) {
    HttpConnection* unused = idle_.front();
    idle_.erase(idle_.begin());
    unused->abort("");
    discard(*unused);
  }
  arm_sweep();
}

}  // namespace stoa::scenarios
