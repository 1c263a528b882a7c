// One run of a flow: its coroutine, its random values, who it acts as. What a script calls `s` acts on the session
// whose coroutine is running.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <string>

#include "base/random.hpp"
#include "base/result.hpp"
#include "scenarios/accounts.hpp"
#include "scenarios/http_message.hpp"
#include "scenarios/scenario.hpp"

struct lua_State;

namespace stoa::scenarios {

struct Session {
  explicit Session(boost::asio::io_context& io) : timer(io) {}

  lua_State* thread = nullptr;
  int thread_ref = 0;  // keeps the coroutine alive; reused by the next iteration
  boost::asio::steady_timer timer;

  const FlowSpec* flow = nullptr;  // nullptr: setup
  SeededRandom random{0};
  Account* account = nullptr;
  int64_t intended_ns = 0;  // monotonic, as all below
  int64_t late_ns = 0;      // started so much after that
  int64_t think_ns = 0;     // spent in think(), which is no latency
  bool asked_before = false;
  bool failed = false;  // a request had no answer, or a 5xx

  HttpRequest request;  // the one under way
  bool own_authorization = false;
  int64_t asked_ns = 0;  // when it was meant to be sent
  HttpResponse response;
  double response_ms = 0;

  std::string problem;  // what a call is about to raise
  int long_turns = 0;   // how often the coroutine was seen running since it last waited
};

// What a script's calls need from whoever runs it.
class SessionHost {
 public:
  virtual ~SessionHost() = default;
  // Begin to send session.request, or to wait; the coroutine is resumed later, never from within.
  virtual void request(Session& session) = 0;
  virtual void wait(Session& session, int64_t ns) = 0;
  virtual void check(std::string_view name, bool ok) = 0;
  virtual Result<void> acknowledge(Session& session, std::string_view kind, const std::string& object) = 0;
  virtual bool signed_in(Session& session, const std::string& email, const std::string& password,
                         const std::string& answer) = 0;
  virtual int64_t now_ns() = 0;
  virtual uint64_t zipf(Session& session, uint64_t n, double exponent) = 0;
};

}  // namespace stoa::scenarios
