// Runs a scenario's setup and load: starts iterations when the schedule says so, whatever the target does, and counts.
// One loop, one thread, one coroutine per iteration.
#pragma once

#include <boost/asio/signal_set.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/accounts.hpp"
#include "scenarios/promises.hpp"
#include "scenarios/results.hpp"
#include "scenarios/script.hpp"

namespace stoa::scenarios {

class Engine final : public SessionHost {
 public:
  // The loop and the clock outlive the engine.
  Engine(boost::asio::io_context& io, const Clock& clock);

  // Where the scenario is to be read: its functions stay there.
  lua_State* lua() { return script_.state(); }

  // Required before anything runs; all outlive the engine.
  void adopt(const Scenario& scenario, Accounts& accounts, Promises& promises);

  // Runs setup to its end, if there is one. The error is what it raised.
  Result<void> run_setup();

  // Runs the load to its end: the last start, and then until all are answered or kGraceNs have passed. `progress` is
  // called once a second with the time passed. SIGINT and SIGTERM end the starts, a second one the wait for answers.
  void run_load(const std::function<void(int64_t)>& progress);

  Results& results() { return results_; }

  void request(Session& session) override;
  void wait(Session& session, int64_t ns) override;
  void check(std::string_view name, bool ok) override;
  Result<void> acknowledge(Session& session, std::string_view kind, const std::string& object) override;
  bool signed_in(Session& session, const std::string& email, const std::string& password,
                 const std::string& answer) override;
  int64_t now_ns() override { return clock_.monotonic_ns(); }
  uint64_t zipf(Session& session, uint64_t n, double exponent) override;

 private:
  static constexpr int64_t kGraceNs = 35'000'000'000;

  void await_stop(boost::asio::signal_set& stop);
  void arm_start(Schedule& schedule);
  void start_due(Schedule& schedule);
  void start(int64_t intended_ns);
  Session& free_session();
  const FlowSpec& choose_flow(Random& random) const;
  void resume(Session& session);
  void answered(Session& session, HttpResponse response);
  void finish(Session& session, const std::optional<std::string>& error);

  boost::asio::io_context& io_;
  const Clock& clock_;
  Script script_;
  Accounts* accounts_ = nullptr;
  const Scenario* scenario_ = nullptr;
  Promises* promises_ = nullptr;
  Results results_;
  Zipf zipf_;
  boost::asio::steady_timer next_start_;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::vector<Session*> free_;
  uint64_t weights_ = 0;
  uint64_t number_ = 0;  // of the next iteration
  int64_t load_began_ns_ = 0;
  std::optional<int64_t> next_ns_;  // since the load began
  bool starts_over_ = false;
  bool given_up_ = false;  // nothing is resumed any more
  bool counting_ = false;  // setup's requests and checks are not part of the results
  std::optional<Result<void>> setup_;
};

}  // namespace stoa::scenarios
