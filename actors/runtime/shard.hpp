// A shard replica without its actor: drains commands into batches, evaluates them by the service's rules, proposes each
// batch's write set as one entry, and answers once what the answer stands on is committed.
//
// Promises: no answer leaves before the highest index that its evaluation could see is committed; a refusal leaves
// nothing but its recorded answer; a call with a request id or an idempotency key takes effect at most once; when the
// lead is lost every caller is told so (not_leader, unknown_fate). One thread: its loop's. Errors of the state abort.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/runtime/idempotency.hpp"
#include "actors/runtime/in_flight.hpp"
#include "actors/runtime/outbox.hpp"
#include "actors/runtime/saga_runner.hpp"
#include "actors/runtime/service.hpp"
#include "actors/runtime/shard_world.hpp"
#include "actors/runtime/timers.hpp"
#include "cluster/replica.hpp"
#include "storage/entry.hpp"
#include "storage/shard_state.hpp"

namespace stoa {

// Counters for metrics and the inspector; written by the loop's thread, read by any.
struct ShardGauges {
  std::atomic<uint64_t> applied{0}, term{0}, commands{0}, batches{0}, entries_skipped{0};
  std::atomic<uint64_t> open_sagas{0}, timers{0}, outbox{0}, in_flight{0}, queued{0};
  std::atomic<int64_t> oldest_saga_ms{0};  // when it began; 0 without any
  std::atomic<bool> leads{false};
  std::atomic<int64_t> confirmed_ns{INT64_MIN};  // when a quorum was last asked that said so; alone: INT64_MAX
  // Called after each commit with the time since the batch was evaluated and its number of commands; may be empty.
  std::function<void(int64_t commit_ns, size_t commands)> on_commit;
};

class Shard final : private ReplicaPort {
 public:
  using Respond = std::function<void(Reply)>;

  // All references outlive the shard; `state` holds what `boot.applied` says.
  Shard(const Service& service, ReplicaBoot boot, ShardState& state, ShardWorld& world);
  ~Shard() override;

  // A command, query or effect of the service, by name. `respond` is called exactly once, never from inside.
  void submit(Call call, AnyCommand command, Respond respond);
  // Does what can be done now; called by the loop after wake().
  void turn();
  void stored(uint64_t ticket);
  void step(ReplicaId from, std::string_view message);
  // Every 100 ms: timers, repeats, deadlines, sweeps, elections.
  void tick();
  // The state told how far it is durable: the journal and the core's log may be trimmed.
  void state_durable();
  // A voter elsewhere that would take the lead: of those heard of lately the one that is furthest. 0 = none, or this
  // replica does not lead.
  ReplicaId heir() const;
  // On a leader; false = refused, or another change is under way.
  bool change_members(const MemberChange& change);
  // An entry that changes nothing, for Replica::members_known() where nothing else is proposed.
  void propose_nothing();
  // Asks a voter that has caught up to take the lead. Until it has, or has not, callers are told not_leader.
  void transfer_lead(ReplicaId to);
  void unreachable(ReplicaId to);  // its node was lost
  // As Replica's functions of these names.
  void offer_snapshot(const SnapshotOffer& offer);
  void report_snapshot(ReplicaId to, bool ok);
  // Answers everything that waits with `unavailable` and takes no more.
  void stop();

  // What is committed, for a read without the actor, on the shard's loop. None where this replica does not lead, or no
  // quorum has said so within kFreshMs: another may lead by now.
  std::optional<Reader> committed() const;
  bool fresh() const;
  static constexpr int64_t kFreshMs = 400;  // contract: such reads may be 500 ms old
  // A leader that nobody reads from asks its quorum so often, so that its word for leading is never much older.
  static constexpr int64_t kConfirmEveryMs = 500;

  GroupId group() const { return replica_.group(); }
  bool leads() const { return leading_; }
  const Replica& replica() const { return replica_; }
  const ShardState& state() const { return state_; }
  ShardState& state() { return state_; }
  ShardGauges& gauges() { return gauges_; }

 private:
  struct Work {
    Call call;
    const CommandTable::Entry* entry = nullptr;
    std::string_view name;  // of the command
    AnyCommand command;
    Respond respond;             // empty for what the shard gives itself
    std::string timer;           // name of the timer row that this work fires
    std::optional<Uuid> closes;  // a wait that ran out: answer it with the progress so far
    bool acks = false;           // erases answered outbox rows and sweeps
  };
  struct Pending {
    Respond respond;
    Reply reply;
    bool inside = false;  // a service of this cluster asked
  };
  struct Batch {
    WriteSet writes;
    Position at;
    std::vector<Pending> pending;
    std::vector<LateAnswer> late;
    std::vector<Uuid> waits;  // tokens whose callers are told at once if this batch is lost
    size_t commands = 0;
    int64_t begun_ns = 0;
    bool passed_on = false;  // early: see ShardWorld::early()
  };
  struct Waiter {
    Respond respond;
    Time answer_by;      // then the answer so far is recorded and sent
    bool asked = false;  // that was submitted
  };
  // A read, or a refusal that wrote nothing: answered once leadership is confirmed and `after` is applied.
  struct Reading {
    std::vector<Work> queries;
    std::vector<Pending> pending;
    Index after = 0;
    int64_t asked_ns = 0;
  };
  struct Evaluation;

  // ReplicaPort
  void persist(std::vector<JournalRecord> records, uint64_t ticket) override;
  void send(ReplicaId to, std::string message) override;
  void apply(const CommittedEntry& entry) override;
  void members_changed(const Members& members, Index at) override;
  void lead_changed(Role role, Term term, ReplicaId leader) override;
  void readable(uint64_t read) override;
  void read_lost(uint64_t read) override;
  void snapshot_wanted(ReplicaId follower, Index at_least) override;
  void send_snapshot(ReplicaId to, std::string message, const SnapshotOffer& offer) override;
  void install(const SnapshotOffer& offer, std::vector<JournalRecord> records, uint64_t ticket) override;

  bool evaluate_batch();
  void evaluate(Work& work, Evaluation& e);
  void evaluate_rule(Work& work, Evaluation& e);
  void evaluate_bundle(Work& work, Evaluation& e);
  void plan_effect(Work work, Evaluation& e);
  void finish(Work& work, Outcome outcome, Evaluation& e);
  void settle(const Work& work, Outcome& outcome, Evaluation& e);
  void finish_later(Work& work, Uuid token, Evaluation& e);
  void put_effects(const std::string& trace_id, Evaluation& e);
  bool propose(Evaluation& e);
  void take_back(Evaluation& e);
  void ask_read(Evaluation& e);
  void ask_read(Reading reading);

  void pass_on_early();
  void commit(Batch& batch, const CommittedEntry& entry);
  void apply_writes(const CommittedEntry& entry, const WriteSet& writes);
  void notice_sagas(const WriteSet& writes);
  void notice_rows(const WriteSet& writes);
  void answer_waiters(std::vector<LateAnswer>& late);
  void flush_readable();
  void become_leader();
  void lose_lead();
  void lose_in_flight(Index from);
  void answer_lost_waits(const Batch& batch);
  void submit_own(AnyCommand command, std::string trace_id, std::string timer);
  void turn_away();
  void reply(Respond& respond, Reply reply);
  Time shard_time() const;
  void publish_gauges();

  const Service& service_;
  ShardState& state_;
  ShardWorld& world_;
  const Index kept_for_others_;
  Replica replica_;
  InFlight<Batch> in_flight_;
  Outbox outbox_;
  Timers timers_;
  SagaRunner sagas_;

  std::deque<Work> queue_;
  std::unordered_map<Uuid, std::vector<Waiter>> waiters_;  // by token of the late answer
  std::map<uint64_t, Reading> readings_;                   // asked, by read id
  std::deque<Reading> ready_readings_;                     // confirmed, waiting for `after`
  std::vector<std::pair<Respond, Reply>> replies_;         // sent at the end of the turn, never from inside a caller
  std::vector<std::pair<Respond, Reply>> sending_;         // those of this turn; kept for its memory
  uint64_t next_read_ = 1;
  int64_t confirmed_ns_ = INT64_MIN;  // the lead was good after this
  mutable bool read_hot_ = false;     // fresh() was asked since the last tick
  Index handed_over_ = 0;             // the last entry given to persist()
  Time last_entry_time_;
  Time next_sweep_;
  SweepCursor sweep_;
  bool leading_ = false;
  bool acks_due_ = false;  // answered outbox rows wait no longer for other work whose batch would erase them
  bool stopped_ = false;
  ReplicaId leader_ = 0;
  ShardGauges gauges_;
};

}  // namespace stoa
