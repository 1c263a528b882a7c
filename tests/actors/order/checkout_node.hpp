// A node of one voter that sells: the real product, order, payment and shipping services over the in-memory twins of
// disk and databases, stepped by hand. Once a write or sync fails the node is dead: nothing it says counts any more,
// and another may be started on what the crash leaves.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/payment/sandbox_provider.hpp"
#include "actors/runtime/shard_host.hpp"
#include "storage/memory_database.hpp"
#include "storage/memory_journal.hpp"
#include "tests/actors/runtime/manual_clock.hpp"

namespace stoa {

// What outlives a crash.
struct CheckoutDisk {
  MemoryJournal journal;
  std::map<uint16_t, MemoryDatabase> databases;  // by service number
  ManualClock clock;

  void crash(Random& random);
};

class CheckoutNode {
 public:
  static constexpr uint16_t kShards = 4;  // of each service

  explicit CheckoutNode(CheckoutDisk& disk, uint64_t seed = 1, bool early = true);
  ~CheckoutNode();

  bool alive() const { return alive_; }
  // Steps, and lets time pass where nothing else is left, until the condition holds. False when the power went first.
  bool run_until(const std::function<bool()>& done);
  // Until no saga is open, no message unanswered and no batch on its way; then long enough for states to be flushed.
  bool run_until_quiet();

  struct Said {
    std::optional<Answer> answer;  // none: the power went before it came
    bool replayed = false;
    // Of the whole node when the answer came; writes are those of its journal, syncs too.
    uint64_t entries = 0, messages = 0, writes = 0;
  };
  template <class C>
  Said call(uint16_t service, Slot slot, C command, Call call) {
    const Said& said = begin(service, slot, AnyCommand::of(std::move(command)), std::move(call));
    run_until([&] { return said.answer.has_value(); });
    return said;
  }
  // What it returns is filled when the answer comes, and lives as long as the node.
  const Said& begin(uint16_t service, Slot slot, AnyCommand command, Call call);

  // What the invariants of every shard complain about.
  std::vector<std::string> violations() const;
  uint64_t entries() const;
  uint64_t messages() const;
  Random& random() { return random_; }
  Time now() const { return disk_.clock.now(); }

 private:
  bool step();
  bool step_storage();
  bool quiet() const;
  void boot(uint64_t seed, bool early);

  CheckoutDisk& disk_;
  std::deque<Said> said_;
  SeededRandom random_;
  std::vector<Service> services_;
  std::unique_ptr<caf::actor_system_config> config_;
  Loop loop_;
  caf::actor_system system_;
  JournalWriter writer_;
  StateFlusher flusher_;
  ProbeRegistry probes_;
  std::multimap<int64_t, std::function<void()>> delayed_;  // of the payment provider, by ms
  SandboxProvider provider_;
  std::unique_ptr<ShardHost> host_;
  bool alive_ = true;
};

}  // namespace stoa
