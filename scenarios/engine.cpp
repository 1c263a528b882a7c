#include "scenarios/engine.hpp"

#include <algorithm>
#include <chrono>
#include <sys/resource.h>

#include "base/check.hpp"

namespace stoa::scenarios {
namespace {

int64_t cpu_ns() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ns = [](const timeval& t) { return t.tv_sec * 1'000'000'000LL + t.tv_usec * 1'000LL; };
  return ns(usage.ru_utime) + ns(usage.ru_stime);
}

std::chrono::steady_clock::time_point at_monotonic(int64_t ns) {
  return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(ns));
}

}  // namespace

Engine::Engine(boost::asio::io_context& io, const Clock& clock)
    : io_(io), clock_(clock), script_(*this), next_start_(io) {}

void Engine::adopt(const Scenario& scenario, Accounts& accounts, Promises& promises) {
  accounts_ = &accounts;
  scenario_ = &scenario;
  promises_ = &promises;
  weights_ = 0;
  for (const FlowSpec& flow : scenario.flows) {
    weights_ += flow.weight;
    results_.flows[flow.name];
  }
}

Result<void> Engine::run_setup() {
  if (!scenario_->setup) return {};
  Session& session = free_session();
  session.flow = nullptr;
  session.account = nullptr;
  session.random = stream_of(scenario_->seed, kSetupStream);
  session.intended_ns = clock_.monotonic_ns();
  script_.prepare(session, *scenario_->setup);
  resume(session);
  while (!setup_) io_.run_one();
  return *setup_;
}

void Engine::run_load(const std::function<void(int64_t)>& progress) {
  Schedule schedule(scenario_->load, stream_of(scenario_->seed, kArrivalStream));
  boost::asio::signal_set stop(io_, SIGINT, SIGTERM);
  await_stop(stop);
  counting_ = true;
  const int64_t cpu_before = cpu_ns();
  load_began_ns_ = clock_.monotonic_ns();
  next_ns_ = schedule.next();
  arm_start(schedule);
  int64_t next_progress_ns = 1'000'000'000;
  int64_t grace_over_ns = 0;
  while (!given_up_ && (!starts_over_ || results_.in_flight > 0)) {
    io_.run_one();
    const int64_t passed_ns = clock_.monotonic_ns() - load_began_ns_;
    if (passed_ns >= next_progress_ns) {
      progress(passed_ns);
      next_progress_ns = passed_ns - passed_ns % 1'000'000'000 + 1'000'000'000;
    }
    if (!starts_over_) continue;
    if (grace_over_ns == 0) grace_over_ns = passed_ns + kGraceNs;
    given_up_ = given_up_ || passed_ns > grace_over_ns;
  }
  counting_ = false;
  given_up_ = true;
  results_.load_ns = clock_.monotonic_ns() - load_began_ns_;
  results_.cpu_ns = cpu_ns() - cpu_before;
  for (const auto& session : sessions_) {
    if (session->flow == nullptr) continue;
    FlowResult& flow = results_.flows.find(session->flow->name)->second;
    ++flow.finished;
    ++flow.errors;
    ++results_.errors["not over when the load was"];
  }
}

void Engine::await_stop(boost::asio::signal_set& stop) {
  stop.async_wait([this, &stop](boost::system::error_code error, int) {
    if (error) return;
    given_up_ = results_.interrupted;
    results_.interrupted = true;
    starts_over_ = true;
    next_start_.cancel();
    await_stop(stop);
  });
}

void Engine::arm_start(Schedule& schedule) {
  if (!next_ns_) {
    starts_over_ = true;
    return;
  }
  next_start_.expires_at(at_monotonic(load_began_ns_ + *next_ns_));
  next_start_.async_wait([this, &schedule](boost::system::error_code error) {
    if (!error) start_due(schedule);
  });
}

void Engine::start_due(Schedule& schedule) {
  // A bound, so that a generator that cannot keep up still reads answers in between.
  constexpr int kAtOnce = 64;
  for (int started = 0; started < kAtOnce && next_ns_ && !starts_over_; ++started) {
    const int64_t intended_ns = load_began_ns_ + *next_ns_;
    if (intended_ns > clock_.monotonic_ns()) break;
    next_ns_ = schedule.next();
    start(intended_ns);
  }
  if (!starts_over_) arm_start(schedule);
}

void Engine::start(int64_t intended_ns) {
  const uint64_t number = number_++;
  if (results_.in_flight >= scenario_->in_flight) {
    ++results_.not_started;
    return;
  }
  ++results_.started;
  results_.most_in_flight = std::max(results_.most_in_flight, ++results_.in_flight);
  Session& session = free_session();
  session.random = stream_of(scenario_->seed, number);
  session.flow = &choose_flow(session.random);
  session.account = accounts_->user(number);
  session.intended_ns = intended_ns;
  session.late_ns = std::max<int64_t>(0, clock_.monotonic_ns() - intended_ns);
  results_.start_lag.record(session.late_ns);
  script_.prepare(session, session.flow->function);
  resume(session);
}

Session& Engine::free_session() {
  if (free_.empty()) {
    sessions_.push_back(std::make_unique<Session>(io_));
    free_.push_back(sessions_.back().get());
  }
  Session& session = *free_.back();
  free_.pop_back();
  session.think_ns = 0;
  session.late_ns = 0;
  session.asked_before = false;
  session.failed = false;
  return session;
}

const FlowSpec& Engine::choose_flow(Random& random) const {
  uint64_t drawn = random.below(weights_);
  for (const FlowSpec& flow : scenario_->flows) {
    if (drawn < flow.weight) return flow;
    drawn -= flow.weight;
  }
  return scenario_->flows.back();
}

void Engine::resume(Session& session) {
  if (given_up_) return;
  const Script::Turn turn = script_.resume(session);
  if (turn.over) finish(session, turn.error);
}

void Engine::request(Session& session) {
  const int64_t now = clock_.monotonic_ns();
  // A late start is the generator's fault, not the target's rest: the first request was meant to go out earlier.
  session.asked_ns = session.asked_before ? now : now - session.late_ns;
  session.asked_before = true;
  Account* account = session.own_authorization ? nullptr : session.account;
  accounts_->send(session.request, account,
                  [this, &session](HttpResponse response) { answered(session, std::move(response)); });
}

void Engine::answered(Session& session, HttpResponse response) {
  const int64_t took_ns = clock_.monotonic_ns() - session.asked_ns;
  session.response = std::move(response);
  session.response_ms = static_cast<double>(took_ns) / 1e6;
  const int status = session.response.status;
  const bool failed = status == 0 || status >= 500;
  session.failed = session.failed || failed;
  if (counting_ && session.flow != nullptr) {
    RequestResult& result = results_.requests[request_name(session.request.method, session.request.path)];
    result.latency.record(took_ns);
    ++result.statuses[status];
    if (failed) ++result.failed;
    if (status == 0) ++results_.errors[session.response.error];
  }
  promises_->answered(session.account, session.request, session.response, session.flow == nullptr);
  resume(session);
}

void Engine::finish(Session& session, const std::optional<std::string>& error) {
  if (session.flow == nullptr) {
    const bool taken = session.asked_before && session.response.status == 409;
    const std::string hint =
        taken ? " (its last answer was 409: the same seed sends the same values; try another --seed)" : "";
    setup_ = error ? Result<void>(Error{*error + hint}) : Result<void>();
    if (!error) script_.keep_returned(session);
    free_.push_back(&session);
    return;
  }
  if (counting_) {
    FlowResult& flow = results_.flows.find(session.flow->name)->second;
    flow.latency.record(clock_.monotonic_ns() - session.intended_ns - session.think_ns);
    ++flow.finished;
    if (error) ++results_.errors[*error];
    if (error || session.failed) ++flow.errors;
  }
  --results_.in_flight;
  session.flow = nullptr;
  free_.push_back(&session);
}

void Engine::wait(Session& session, int64_t ns) {
  session.timer.expires_after(std::chrono::nanoseconds(ns));
  session.timer.async_wait([this, &session](boost::system::error_code error) {
    if (!error) resume(session);
  });
}

void Engine::check(std::string_view name, bool ok) {
  if (!counting_) return;
  CheckResult& result = results_.checks[name];
  ++(ok ? result.passed : result.failed);
}

Result<void> Engine::acknowledge(Session& session, std::string_view kind, const std::string& object) {
  return promises_->acknowledge(session.account, kind, object);
}

bool Engine::signed_in(Session& session, const std::string& email, const std::string& password,
                       const std::string& answer) {
  session.account = accounts_->signed_in(email, password, answer);
  return session.account != nullptr;
}

uint64_t Engine::zipf(Session& session, uint64_t n, double exponent) { return zipf_.draw(n, exponent, session.random); }

}  // namespace stoa::scenarios
