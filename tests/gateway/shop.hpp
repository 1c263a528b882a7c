// A gateway on a loopback port, with a small made-up service behind it, for tests that speak bytes to it.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/random.hpp"
#include "gateway/gateway.hpp"
#include "tests/gateway/wire.hpp"

namespace stoa::test {

// Time moves by hand. Any thread.
class HandClock final : public Clock {
 public:
  Time now() const override { return Time{1'800'000'000'000 + ns_ / 1'000'000}; }
  int64_t monotonic_ns() const override { return ns_; }
  void advance_ms(int64_t ms) { ns_ += ms * 1'000'000; }

 private:
  std::atomic<int64_t> ns_{1'000'000'000};
};

// Tokens are role names: "customer", "merchant", ...; "expired" has expired.
class NamedRoles final : public Authenticator {
 public:
  std::variant<Verified, AuthFault> verify(std::string_view bearer, Time now) override;
  bool revoked(const Verified& token) override { return gone_.count(token.session) > 0; }
  void revoke(const Verified& token) override { gone_[token.session] = true; }
  int verified() const { return verified_; }

 private:
  std::map<Uuid, bool> gone_;
  std::atomic<int> verified_{0};
};

struct Thing {
  static constexpr std::string_view kName = "Thing";
  std::string name;
  int64_t count = 0;
};
template <class V>
void fields(V& v, Thing& x) {
  v(1, "name", x.name, within(1, 20));
  v(2, "count", x.count, within(0, 1000));
}

// Answers what the test tells it to, on the loop, and remembers what it was asked.
class ScriptedRouter final : public Router {
 public:
  struct Asked {
    Slot slot;
    Call call;
    std::string command;
    std::string encoded;
  };
  using Script = std::function<Answer(const Asked&)>;

  explicit ScriptedRouter(boost::asio::io_context& loop) : loop_(loop) {}
  void call(uint16_t service, Slot slot, Call call, AnyCommand command, Reply reply) override;
  void call_all(uint16_t service, Call call, AnyCommand command, Replies replies) override;

  // From the test's thread.
  void on_call(Script script);
  void on_call_all(std::vector<Answer> answers);
  void hold(bool on);  // while on, calls wait
  std::vector<Asked> asked() const;
  void wait_for_calls(size_t n) const;

 private:
  struct Held {
    Asked asked;
    Reply reply;
  };
  void answer(Held held);

  boost::asio::io_context& loop_;
  mutable std::mutex mutex_;  // guards all below
  Script script_ = [](const Asked&) { return Answer(); };
  std::vector<Answer> parts_;
  std::vector<Asked> asked_;
  std::vector<Held> held_;
  bool hold_ = false;
};

struct OneHotBody final : BodyCache {
  bool find(std::string_view path, CachedBody& out) override {
    if (path != "/v1/things/hot") return false;
    out = {"{\"hot\":true}", "7"};
    return true;
  }
};

std::vector<Service> thing_services();

class Shop {
 public:
  explicit Shop(GatewayOptions options = small_options());
  ~Shop();

  static GatewayOptions small_options();
  uint16_t port() const { return gateway_->port(); }
  Gateway& gateway() { return *gateway_; }
  // Runs it on the loop and waits for it.
  void on_loop(const std::function<void()>& work);
  // One request on a connection of its own.
  Wire::Reply ask(std::string_view method, std::string_view target, std::string_view fields = "",
                  std::string_view body = "") const;

  HandClock clock;
  SeededRandom random{7};
  NamedRoles roles;
  Metrics metrics;
  OneHotBody hot;
  const std::vector<Service> services = thing_services();
  boost::asio::io_context loop{1};
  ScriptedRouter router{loop};

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{loop.get_executor()};
  std::unique_ptr<Gateway> gateway_;
  std::thread thread_;
};

}  // namespace stoa::test
