// The target, spoken to over a bounded pool of keep-alive connections on one io_context, by one thread.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "scenarios/http_connection.hpp"
#include "scenarios/target.hpp"

namespace stoa::scenarios {

struct HttpLimits {
  size_t connections = 256;                // further calls wait their turn, and their wait counts
  int64_t timeout_ns = 30'000'000'000;     // of a call from send() on, waiting included; kept to within kSweepMs
  int64_t idle_close_ns = 20'000'000'000;  // a connection unused for so long is closed rather than used
};

class HttpClient {
 public:
  HttpClient(boost::asio::io_context& io, Target target, HttpLimits limits, const Clock& clock);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Looks the host up; blocks. Required once, before send().
  Result<void> resolve();

  // Calls done exactly once, from the loop, never before send() returns. No answer is status 0 and an error.
  void send(const HttpRequest& request, std::function<void(HttpResponse)> done);

  // Sends all, at most `at_once` in flight, and runs the loop until every answer is here, in the order of the requests.
  std::vector<HttpResponse> send_all(const std::vector<HttpRequest>& requests, size_t at_once);

  // Runs the loop for so long.
  void run_for(int64_t ns);

  size_t in_flight() const { return busy_ + waiting_.size(); }
  uint64_t connections_opened() const { return opened_; }

 private:
  static constexpr int kSweepMs = 20;

  void start(HttpCall call);
  std::shared_ptr<HttpConnection> free_connection();
  void finished(HttpConnection& connection, HttpConnection::Outcome outcome);
  void discard(const HttpConnection& connection);
  void arm_sweep();
  void sweep();

  boost::asio::io_context& io_;
  const Target target_;
  const HttpLimits limits_;
  const Clock& clock_;
  Endpoints endpoints_;
  boost::asio::steady_timer sweeper_;
  std::vector<std::shared_ptr<HttpConnection>> connections_;  // all of them
  std::vector<HttpConnection*> idle_;                         // the last used one is used first
  std::deque<HttpCall> waiting_;
  size_t busy_ = 0;
  uint64_t opened_ = 0;
};

}  // namespace stoa::scenarios
