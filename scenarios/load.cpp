#include "scenarios/load.hpp"

#include <charconv>
#include <fstream>
#include <optional>

#include "scenarios/engine.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/summary.hpp"
#include "scenarios/verifier.hpp"

namespace stoa::scenarios {
namespace {

Error wrong(const std::string& option, const std::string& value, const std::string& wanted) {
  return Error{option + " \"" + value + "\": must be " + wanted};
}

// What the command line overrides in the scenario.
Result<void> apply(const LoadOptions& options, Scenario& scenario) {
  if (!options.target.empty()) scenario.target = options.target;
  if (!options.seed.empty()) {
    const char* end = options.seed.data() + options.seed.size();
    const auto read = std::from_chars(options.seed.data(), end, scenario.seed);
    if (read.ec != std::errc() || read.ptr != end) return wrong("--seed", options.seed, "a whole number");
  }
  if (!options.rate.empty()) {
    const auto rate = parse_rate(options.rate);
    if (!rate) return wrong("--rate", options.rate, "iterations per second, such as 200 or 200/s");
    scale_to(scenario.load, *rate);
  }
  if (!options.duration.empty()) {
    const auto duration = parse_duration_ns(options.duration);
    if (!duration || *duration == 0) return wrong("--duration", options.duration, "a duration such as 30s");
    stretch_to(scenario.load, *duration);
  }
  return {};
}

// One line of what goes on: rewritten on a terminal, else a plain one every few seconds.
class Progress {
 public:
  Progress(const Scenario& scenario, Results& results, bool terminal, std::ostream& err)
      : total_ns_(total_duration_ns(scenario.load)), results_(results), terminal_(terminal), err_(err) {}

  void show(int64_t passed_ns) {
    const uint64_t finished = results_.finished();
    const uint64_t rate =
        (finished - shown_) / static_cast<uint64_t>(std::max<int64_t>(1, (passed_ns - shown_ns_) / 1'000'000'000));
    if (!terminal_ && passed_ns - shown_ns_ < kPlainEveryNs) return;
    Histogram latency;
    for (const auto& [name, flow] : results_.flows) latency.merge(flow.latency);
    err_ << (terminal_ ? "\r\x1b[K" : "") << passed_ns / 1'000'000'000 << "s of " << show_duration(total_ns_) << "  "
         << show_count(finished) << " done  " << show_count(rate) << "/s  " << show_count(results_.in_flight)
         << " in flight  errors " << show_share(results_.iteration_errors(), finished) << "  p50 "
         << show_duration(latency.quantile(0.5)) << "  p99 " << show_duration(latency.quantile(0.99))
         << (terminal_ ? "" : "\n") << std::flush;
    shown_ = finished;
    shown_ns_ = passed_ns;
    written_ = true;
  }
  void say(const std::string& what) {
    clear();
    err_ << what << "\n" << std::flush;
  }
  void clear() {
    if (terminal_ && written_) err_ << "\r\x1b[K" << std::flush;
    written_ = false;
  }

 private:
  static constexpr int64_t kPlainEveryNs = 4'900'000'000;
  const int64_t total_ns_;
  Results& results_;
  const bool terminal_;
  std::ostream& err_;
  uint64_t shown_ = 0;
  int64_t shown_ns_ = 0;
  bool written_ = false;
};

bool write_file(const std::string& path, const std::string& text, std::ostream& err) {
  if (path.empty()) return true;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return true;
  err << "stoa load: cannot write " << path << "\n";
  return false;
}

int fail(std::ostream& err, int exit, const std::string& what) {
  err << "stoa load: " << what << "\n";
  return exit;
}

// Everything that one run needs, in the order of its life.
class Run {
 public:
  Run(const LoadOptions& options, std::ostream& out, std::ostream& err)
      : options_(options), out_(out), err_(err), engine_(io_, clock_) {}

  int all() {
    auto scenario = read_scenario(engine_.lua(), options_.file);
    if (!scenario) return fail(err_, kBadScenario, scenario.error().what);
    scenario_ = std::move(*scenario);
    if (const auto applied = apply(options_, scenario_); !applied)
      return fail(err_, kBadScenario, applied.error().what);
    if (scenario_.target.empty()) {
      return fail(err_, kBadScenario, scenario_.file + ": target: missing; name one there or with --target");
    }
    const auto target = parse_target(scenario_.target);
    if (!target) return fail(err_, kBadScenario, scenario_.file + ": " + target.error().what);
    HttpLimits limits;
    limits.timeout_ns = scenario_.timeout_ns;
    limits.connections = scenario_.connections;
    HttpClient client(io_, *target, limits, clock_);
    if (const auto found = client.resolve(); !found) return fail(err_, kFailed, found.error().what);
    Accounts accounts(client, clock_);
    Promises promises(scenario_.seed);
    engine_.adopt(scenario_, accounts, promises);
    return against(client, accounts, promises);
  }

 private:
  // Anything that answers in HTTP will do; nothing is waited for.
  Result<void> reach(HttpClient& client) {
    const auto answer = client.send_all({{"GET", "/", "", ""}}, 1);
    if (answer[0].status != 0) return {};
    return Error{"cannot reach " + scenario_.target + ": " + answer[0].error};
  }

  int against(HttpClient& client, Accounts& accounts, Promises& promises) {
    Verifier verifier(client, accounts, promises, clock_);
    Progress progress(scenario_, engine_.results(), options_.terminal, err_);
    if (const auto reached = reach(client); !reached) return fail(err_, kFailed, reached.error().what);
    if (scenario_.users) {
      progress.say("logging " + std::to_string(scenario_.users->count) + " users in ...");
      if (const auto ready = accounts.prepare(*scenario_.users); !ready) return fail(err_, kFailed, ready.error().what);
    }
    const bool lists = scenario_.verify.orders || scenario_.verify.stock;
    if (lists && scenario_.users) {
      std::vector<Account*> users;
      for (int number = 0; number < scenario_.users->count; ++number)
        users.push_back(accounts.user(static_cast<uint64_t>(number)));
      if (const auto looked = verifier.look_before(users); !looked) return fail(err_, kFailed, looked.error().what);
    }
    if (scenario_.setup) progress.say("setup ...");
    if (const auto ready = engine_.run_setup(); !ready) return fail(err_, kFailed, "setup: " + ready.error().what);
    progress.say("load for " + show_duration(total_duration_ns(scenario_.load)) + " ...");
    engine_.run_load([&](int64_t passed_ns) { progress.show(passed_ns); });
    progress.clear();
    if (scenario_.verify.any()) progress.say("verifying ...");
    const auto findings = verifier.verify(scenario_.verify, scenario_.settle_ns);
    return conclude(findings, client.connections_opened());
  }

  int conclude(const std::vector<Findings>& findings, uint64_t connections) {
    const Verdict verdict = judge(scenario_, engine_.results(), findings);
    const Outcome outcome{scenario_, engine_.results(), findings, verdict, connections};
    print_summary(outcome, out_);
    out_ << std::flush;
    bool written = write_file(options_.json, json_result(outcome), err_);
    if (!options_.report.empty()) written = write_file(options_.report, html_report(outcome), err_) && written;
    if (!verdict.reasons.empty()) err_ << "stoa load: " << verdict.reasons.front().text << "\n";
    return verdict.exit == kPassed && !written ? kFailed : verdict.exit;
  }

  const LoadOptions& options_;
  std::ostream& out_;
  std::ostream& err_;
  SystemClock clock_;
  boost::asio::io_context io_{1};
  Scenario scenario_;
  Engine engine_;
};

}  // namespace

int run_load(const LoadOptions& options, std::ostream& out, std::ostream& err) { return Run(options, out, err).all(); }

}  // namespace stoa::scenarios
