// The metrics of a node behind its gateway (contract §6): shards, actors, sagas, journal, invariants.
#pragma once

#include "actors/runtime/shard_host.hpp"
#include "app/atomic_histogram.hpp"
#include "app/invariant_checker.hpp"
#include "base/metric_family.hpp"
#include "storage/journal_writer.hpp"

namespace stoa {

class NodeMetrics final : public Collectable {
 public:
  NodeMetrics();

  // On the journal's thread.
  void journal_turn(const JournalTurn& turn);
  // On the flusher's.
  void flusher_step(const FlusherStep& step);
  // The shard reports its commits from now on; this outlives it.
  void watch_shard(Shard& shard);
  // Before the loop runs. All outlive this.
  void watch(ShardHost& host, const ProbeRegistry& probes, const InvariantChecker& checker, const Clock& clock);

  void collect(std::vector<MetricFamily>& out) const override;

 private:
  void collect_shards(std::vector<MetricFamily>& out) const;
  void collect_actors(std::vector<MetricFamily>& out) const;

  ShardHost* host_ = nullptr;
  const ProbeRegistry* probes_ = nullptr;
  const InvariantChecker* checker_ = nullptr;
  const Clock* clock_ = nullptr;
  AtomicHistogram sync_seconds_, commit_seconds_, batch_size_;
  std::atomic<uint64_t> journal_turns_{0}, journal_bytes_{0}, state_puts_{0};
};

}  // namespace stoa
