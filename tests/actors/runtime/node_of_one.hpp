// A node of one voter in one thread: the real shards and actors over the in-memory twins of disk and database, stepped
// by hand. Once it was killed, or its disk has failed, nothing that it says counts; another may be started on what a
// crash of the disk leaves.
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

  void crash(Random& random) {
    journal.crash(random);
    database.crash(random);
  }
};

// What a node stands on.
struct NodeGround {
  Journal& journal;
  MemoryDatabase& database;
  ManualClock& clock;
  std::map<GroupId, ReplicaBirth> replicas;
};

class NodeOfOne {
 public:
  static constexpr uint16_t kShards = 2;

  // `scheduler` is of the actors that are not pinned to the loop: one of CAF's policies.
  explicit NodeOfOne(MemoryDisk1& disk, uint64_t seed = 1, const char* scheduler = "sharing")
      : NodeOfOne(NodeGround{disk.journal, disk.database, disk.clock, own_replicas()}, seed, scheduler) {}

  // Dead from the start when its journal cannot be written.
  NodeOfOne(NodeGround ground, uint64_t seed, const char* scheduler = "sharing")
      : clock_(ground.clock),
        random_(seed),
        system_(config(scheduler)),
        writer_(ground.journal, clock_),
        flusher_(clock_) {
    services_.push_back(counter::make_service());
    HostParts parts{system_, loop_, ground.journal, writer_, flusher_, clock_, random_, probes_, services_, {}, {}, {},
                    {},      seed};
    parts.databases[counter::kNumber] = &ground.database;
    parts.counts[counter::kNumber] = kShards;
    parts.replicas = ground.replicas;
    auto host = ShardHost::start(std::move(parts));
    alive_ = host.ok();
    if (!alive_) return;
    host_ = std::move(*host);
    run_until([&] { return host_->all_lead(); });
  }

  ~NodeOfOne() {
    if (!host_) return;
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
    for (int rounds = 0; alive_ && !done(); ++rounds) {
      STOA_CHECK(rounds < 100'000, "the condition comes true");
      if (step() || !alive_) continue;
      clock_.advance_ms(100);
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
    if (call.deadline.ms == 0) call.deadline = after(clock_.now(), 10'000);
    begin_any(slot, AnyCommand::of(std::move(command)), std::move(call), std::move(reply));
  }
  void begin_any(Slot slot, AnyCommand command, Call call, Router::Reply reply) {
    host_->router().call(counter::kNumber, slot, std::move(call), std::move(command),
                         [this, reply = std::move(reply)](Answer answer, bool replayed) {
                           if (alive_) reply(std::move(answer), replayed);
                         });
  }

  // As by kill -9: nothing is tidied up, nothing more is written.
  void kill() { alive_ = false; }
  bool alive() const { return alive_; }

  ShardHost& host() { return *host_; }
  Random& random() { return random_; }
  const ProbeRegistry& probes() const { return probes_; }
  caf::actor_system& system() { return system_; }

 private:
  static std::map<GroupId, ReplicaBirth> own_replicas() {
    std::map<GroupId, ReplicaBirth> replicas;
    for (uint16_t shard = 0; shard < kShards; ++shard) {
      replicas[{counter::kNumber, shard}] = ReplicaBirth::alone(100u + shard);
    }
    return replicas;
  }
  static caf::actor_system_config& config(const char* scheduler) {
    static thread_local std::unique_ptr<caf::actor_system_config> config;
    config = std::make_unique<caf::actor_system_config>();
    config->add_message_types<caf::id_block::stoa_runtime>();
    config->add_message_types<caf::id_block::counter>();
    config->set("scheduler.policy", caf::atom_from_string(scheduler));
    config->set("scheduler.max-threads", 1u);
    return *config;
  }

  bool step_storage() {
    if (!alive_) return false;
    const auto journal = writer_.step();
    if (!journal) return alive_ = false;
    const auto flusher = flusher_.step();
    if (!flusher) return alive_ = false;
    return *journal || *flusher;
  }

  ManualClock& clock_;
  SeededRandom random_;
  Loop loop_;
  caf::actor_system system_;
  JournalWriter writer_;
  StateFlusher flusher_;
  ProbeRegistry probes_;
  std::vector<Service> services_;
  std::unique_ptr<ShardHost> host_;
  bool alive_ = true;
};

}  // namespace stoa
