// A node of one voter in one thread: the real shards and actors over the in-memory twins of disk and database, stepped
// by hand. crash() takes what was not synced, and another node may be started on what is left.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "actors/runtime/shard_host.hpp"
#include "storage/memory_database.hpp"
#include "storage/memory_journal.hpp"
#include "tests/actors/runtime/counter_service.hpp"
#include "tests/actors/runtime/manual_clock.hpp"

namespace stoa {

// What outlives a crash.
struct MemoryDisk1 {
  MemoryJournal journal;
  MemoryDatabase database;
  ManualClock clock;
};

class NodeOfOne {
 public:
  static constexpr uint16_t kShards = 2;

  explicit NodeOfOne(MemoryDisk1& disk, uint64_t seed = 1)
      : disk_(disk), random_(seed), system_(config()), writer_(disk.journal, disk.clock), flusher_(disk.clock) {
    services_.push_back(counter::make_service());
    HostParts parts{system_, loop_,     disk.journal, writer_, flusher_, disk.clock, random_,
                    probes_, services_, {},           {},      {},       {},         seed};
    parts.databases[counter::kNumber] = &disk.database;
    parts.counts[counter::kNumber] = kShards;
    for (uint16_t shard = 0; shard < kShards; ++shard)
      parts.replicas[{counter::kNumber, shard}] = ReplicaBirth::alone(100u + shard);
    host_ = std::move(ShardHost::start(std::move(parts))).value();
    run_until([&] { return host_->all_lead(); });
  }

  ~NodeOfOne() {
    host_->stop();
    while (loop_.poll() || step_storage()) continue;
    while (system_.registry().running() > 0 && loop_.poll()) continue;
    loop_.poll();
  }

  // One round of everything; false when nothing was left to do.
  bool step() {
    const bool moved = loop_.poll();
    return step_storage() || moved;
  }

  // Steps, and lets time pass where nothing else is left, until the condition holds. Fails after ten minutes of its
  // time.
  void run_until(const std::function<bool()>& done) {
    for (int rounds = 0; !done(); ++rounds) {
      STOA_CHECK(rounds < 100'000, "the condition comes true");
      if (step()) continue;
      disk_.clock.advance_ms(100);
      host_->tick();
    }
  }

  template <class C>
  std::optional<Answer> call(Slot slot, C command, Call call = {}) {
    std::optional<Answer> answer;
    begin(slot, std::move(command), std::move(call), [&](Answer a, bool) { answer = std::move(a); });
    run_until([&] { return answer.has_value(); });
    return answer;
  }

  template <class C>
  void begin(Slot slot, C command, Call call, Router::Reply reply) {
    if (call.deadline.ms == 0) call.deadline = after(disk_.clock.now(), 10'000);
    host_->router().call(counter::kNumber, slot, std::move(call), AnyCommand::of(std::move(command)), std::move(reply));
  }

  ShardHost& host() { return *host_; }
  Random& random() { return random_; }

 private:
  static caf::actor_system_config& config() {
    static thread_local std::unique_ptr<caf::actor_system_config> config;
    config = std::make_unique<caf::actor_system_config>();
    config->add_message_types<caf::id_block::stoa_runtime>();
    config->add_message_types<caf::id_block::counter>();
    config->set("scheduler.policy", caf::atom("sharing"));
    config->set("scheduler.max-threads", 1u);
    return *config;
  }

  bool step_storage() {
    const auto journal = writer_.step();
    const auto flusher = flusher_.step();
    return (journal.ok() && *journal) || (flusher.ok() && *flusher);
  }

  MemoryDisk1& disk_;
  SeededRandom random_;
  Loop loop_;
  caf::actor_system system_;
  JournalWriter writer_;
  StateFlusher flusher_;
  ProbeRegistry probes_;
  std::vector<Service> services_;
  std::unique_ptr<ShardHost> host_;
};

}  // namespace stoa
