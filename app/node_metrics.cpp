#include "app/node_metrics.hpp"

namespace stoa {
namespace {

const std::vector<double> kSeconds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                      0.025,  0.05,    0.1,    0.25,  0.5,    1,     2.5};
const std::vector<double> kCommands = {1, 2, 4, 8, 16, 32, 64, 128, 256};

using Kind = MetricFamily::Kind;

// A leader that was stopped or cut off believes in its lead for a while.
bool leads_for_sure(const ShardGauges& shard, const Clock& clock) {
  constexpr int64_t kElectionNs = Consensus::kElectionTicks * 100'000'000ll;
  return shard.leads && shard.confirmed_ns > clock.monotonic_ns() - kElectionNs;
}

MetricFamily family(const char* name, const char* help, Kind kind) { return {name, help, kind, {}}; }

MetricFamily histogram(const char* name, const char* help, const AtomicHistogram& h) {
  return {name, help, Kind::kHistogram, {h.sample()}};
}

}  // namespace

NodeMetrics::NodeMetrics() : sync_seconds_(kSeconds), commit_seconds_(kSeconds), batch_size_(kCommands) {}

void NodeMetrics::journal_turn(const JournalTurn& turn) {
  journal_turns_ += 1;
  journal_bytes_ += turn.bytes;
  if (turn.synced) sync_seconds_.observe(static_cast<double>(turn.append_ns) / 1e9);
}

void NodeMetrics::flusher_step(const FlusherStep& step) { state_puts_ += step.puts; }

void NodeMetrics::watch(ShardHost& host, const ProbeRegistry& probes, const InvariantChecker& checker,
                        const Clock& clock) {
  host_ = &host;
  probes_ = &probes;
  checker_ = &checker;
  clock_ = &clock;
}

void NodeMetrics::watch_shard(Shard& shard) {
  shard.gauges().on_commit = [this](int64_t commit_ns, size_t commands) {
    commit_seconds_.observe(static_cast<double>(commit_ns) / 1e9);
    batch_size_.observe(static_cast<double>(commands));
  };
}

void NodeMetrics::collect(std::vector<MetricFamily>& out) const {
  collect_shards(out);
  collect_actors(out);
  out.push_back(
      histogram("stoa_shard_commit_duration_seconds", "From a batch's evaluation to its commit", commit_seconds_));
  out.push_back(histogram("stoa_shard_batch_size", "Commands in a committed batch", batch_size_));
  out.push_back(histogram("stoa_journal_sync_duration_seconds", "Write and sync of one journal turn", sync_seconds_));
  out.push_back(
      {"stoa_journal_turns_total", "Turns written", Kind::kCounter, {{{}, static_cast<double>(journal_turns_), {}}}});
  out.push_back({"stoa_journal_bytes_total",
                 "Bytes of entries written",
                 Kind::kCounter,
                 {{{}, static_cast<double>(journal_bytes_), {}}}});
  out.push_back({"stoa_state_puts_total",
                 "Records and tombstones written to the databases",
                 Kind::kCounter,
                 {{{}, static_cast<double>(state_puts_), {}}}});
  // In-process sandboxes have no breaker that could open.
  out.push_back({"stoa_breaker_state",
                 "0 closed, 1 half open, 2 open",
                 Kind::kGauge,
                 {{{{"dependency", "payment_provider"}}, 0, {}}}});
  MetricFamily violations = family("stoa_invariant_violations_total", "Violations found", Kind::kCounter);
  for (const auto& [id, count] : checker_->totals()) {
    violations.samples.push_back({{{"invariant", id}}, static_cast<double>(count), {}});
  }
  out.push_back(std::move(violations));
}

void NodeMetrics::collect_shards(std::vector<MetricFamily>& out) const {
  MetricFamily leader =
      family("stoa_shard_is_leader", "1 where a quorum confirmed within an election timeout that this node leads",
             Kind::kGauge);
  MetricFamily applied = family("stoa_shard_applied_index", "Last applied journal index", Kind::kGauge);
  MetricFamily skipped =
      family("stoa_shard_entries_skipped_total",
             "Entries evaluated under another lead than logged them, and not applied", Kind::kCounter);
  double open = 0;
  int64_t oldest_ms = 0;
  for (const auto& hosted : host_->shards()) {
    const ShardGauges& g = hosted->shard->gauges();
    const std::vector<std::pair<std::string, std::string>> labels = {{"service", std::string(hosted->service->name)},
                                                                     {"shard", std::to_string(hosted->group.shard)}};
    leader.samples.push_back({labels, leads_for_sure(g, *clock_) ? 1.0 : 0.0, {}});
    applied.samples.push_back({labels, static_cast<double>(g.applied), {}});
    skipped.samples.push_back({labels, static_cast<double>(g.entries_skipped), {}});
    open += static_cast<double>(g.open_sagas);
    const int64_t begun = g.oldest_saga_ms;
    if (begun != 0) oldest_ms = std::max(oldest_ms, clock_->now().ms - begun);
  }
  out.push_back(std::move(leader));
  out.push_back(std::move(applied));
  out.push_back(std::move(skipped));
  out.push_back({"stoa_saga_open", "Sagas that have not ended", Kind::kGauge, {{{}, open, {}}}});
  out.push_back({"stoa_saga_oldest_seconds",
                 "Age of the oldest open saga",
                 Kind::kGauge,
                 {{{}, static_cast<double>(oldest_ms) / 1000, {}}}});
}

void NodeMetrics::collect_actors(std::vector<MetricFamily>& out) const {
  MetricFamily depth = family("stoa_actor_mailbox_depth", "Messages waiting in a shard's mailbox", Kind::kGauge);
  double messages = 0, busy = 0;
  probes_->each([&](const Probe& probe) {
    messages += static_cast<double>(probe.handled);
    busy += static_cast<double>(probe.busy_ns) / 1e9;
    if (probe.shard < 0) return;
    depth.samples.push_back(
        {{{"service", probe.service}, {"shard", std::to_string(probe.shard)}}, static_cast<double>(probe.depth()), {}});
  });
  out.push_back(std::move(depth));
  out.push_back({"stoa_actor_messages_total", "Messages handled by actors", Kind::kCounter, {{{}, messages, {}}}});
  out.push_back({"stoa_actor_busy_seconds_total", "Time actors were running", Kind::kCounter, {{{}, busy, {}}}});
}

}  // namespace stoa
