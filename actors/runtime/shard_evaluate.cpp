// Shard: from the queue to a proposed batch.
#include "actors/runtime/shard.hpp"

namespace stoa {
namespace {

constexpr size_t kMaxBatch = 256;         // commands
constexpr int64_t kDefaultWaitMs = 5000;  // contract §4: Prefer: wait
constexpr size_t kSweepAtMost = 1000;     // rows of each kind that a sweep looks at

}  // namespace

struct Shard::Evaluation {
  Transaction tx;
  std::unique_ptr<Batch> batch;
  std::vector<Cause> causes;
  std::vector<Work> queries;
  std::vector<Work> own;    // what nobody else would ask for again
  std::vector<Uuid> acked;  // rows of the outbox that this batch erases
};

// False when it was not taken: what is left must wait until the core takes proposals again.
bool Shard::evaluate_batch() {
  Evaluation e{Transaction(in_flight_.view(), group().shard, shard_time(), world_.random()),
               std::make_unique<Batch>(),
               {},
               {},
               {},
               outbox_.take_acked()};
  e.batch->begun_ns = world_.clock().monotonic_ns();
  e.batch->pending.reserve(std::min(queue_.size(), kMaxBatch));
  e.causes.reserve(std::min(queue_.size(), kMaxBatch));
  for (const Uuid& id : e.acked) e.tx.erase<OutboxRow>(id);
  const Time now = world_.clock().now();
  for (; !queue_.empty() && e.batch->commands < kMaxBatch; ++e.batch->commands, queue_.pop_front()) {
    Work& work = queue_.front();  // stays where it is while others come in behind it
    if (work.call.deadline < now) {
      reply(work.respond, runtime_reply(kUnavailable, "no answer within the deadline"));
    } else if (work.entry && work.entry->kind == CommandTable::Entry::Kind::kQuery) {
      e.queries.push_back(std::move(work));
    } else {
      const bool own = !work.respond && (!work.entry || work.entry->kind == CommandTable::Entry::Kind::kRule);
      evaluate(work, e);
      if (own) e.own.push_back(std::move(work));
    }
  }
  gauges_.commands += e.batch->commands;
  if (!e.tx.writes().empty()) return propose(e);
  ask_read(e);
  return true;
}

void Shard::evaluate(Work& work, Evaluation& e) {
  if (work.acks) {
    sweep_answers(e.tx, sweep_, kSweepAtMost);
    return;
  }
  if (work.closes) {
    e.tx.savepoint();
    if (!is_open(*work.closes, e.tx)) return;
    e.tx.answer(*work.closes, service_.progress(*work.closes, e.tx));
    put_effects({}, e);
    return;
  }
  const bool of_client = work.respond && !work.call.caller.is(UserRole::kService);
  if (of_client && world_.storage_low()) {
    reply(work.respond, runtime_reply(kStorageFull, "the node is short of disk space"));
    return;
  }
  Seen seen = seen_before(work.call, e.tx, world_.clock().now());
  if (seen.reply) {
    e.batch->pending.push_back({std::move(work.respond), std::move(*seen.reply), false});
  } else if (seen.join) {
    const int64_t wait_ms = work.call.wait_ms < 0 ? kDefaultWaitMs : work.call.wait_ms;
    waiters_[*seen.join].push_back({std::move(work.respond), after(world_.clock().now(), wait_ms)});
  } else if (work.entry->kind == CommandTable::Entry::Kind::kEffect) {
    plan_effect(std::move(work), e);
  } else if (work.entry->kind == CommandTable::Entry::Kind::kBundle) {
    evaluate_bundle(work, e);
  } else {
    evaluate_rule(work, e);
  }
}

// Each as if it had come alone; the reply waits for all.
void Shard::evaluate_bundle(Work& work, Evaluation& e) {
  BundleAnswers answers;
  for (const BundledCommand& one : std::any_cast<const Bundle&>(work.command.value()).commands) {
    const CommandTable::Entry* entry = service_.commands.find(one.command);
    auto command = entry == nullptr ? std::nullopt : entry->revive(one.payload);
    if (!command || entry->kind != CommandTable::Entry::Kind::kRule) {
      answers.answers.push_back(runtime_reply(kUnavailable, "unknown command").answer);
      continue;
    }
    Work item;
    item.name = command->name();
    item.call = work.call;
    item.call.trace_id = one.trace_id;
    e.tx.savepoint();
    Outcome outcome = entry->rule(command->value(), item.call, e.tx);
    if (outcome.is_later()) outcome = refuse(kUnavailable, "what is answered later is not bundled");
    settle(item, outcome, e);
    answers.answers.push_back(std::move(outcome.answer));
  }
  if (!answers.answers.empty()) e.batch->commands += answers.answers.size() - 1;
  e.batch->pending.push_back({std::move(work.respond), {stoa::reply(answers).answer, false}, true});
}

void Shard::evaluate_rule(Work& work, Evaluation& e) {
  e.tx.savepoint();
  if (!work.timer.empty()) {
    // A timer that was moved or cancelled since it came due fires no more.
    const auto row = e.tx.find<TimerRow>(work.timer);
    if (!row || row->due > e.tx.now()) return;
    e.tx.erase<TimerRow>(work.timer);
  }
  finish(work, work.entry->rule(work.command.value(), work.call, e.tx), e);
}

void Shard::plan_effect(Work work, Evaluation& e) {
  e.tx.savepoint();
  EffectPlan plan = work.entry->plan(work.command.value(), work.call, e.tx);
  if (auto* known = std::get_if<Outcome>(&plan)) return finish(work, std::move(*known), e);
  const Effect effect = std::get<Effect>(plan);
  auto shared = std::make_shared<Work>(std::move(work));  // the callback must be copyable
  const auto act = [this, effect, shared] {
    world_.perform(effect, [this, shared](std::string result) {
      AnyCommand recorded = shared->entry->completion(shared->command.value(), result);
      submit(std::move(shared->call), std::move(recorded), std::move(shared->respond));
    });
  };
  // What a service asks early may rest on entries that are not stored yet; the outside hears of it only when they are.
  const bool waits = world_.early() && shared->call.caller.is(UserRole::kService);
  waits ? world_.when_stored(act) : act();
}

void Shard::finish(Work& work, Outcome outcome, Evaluation& e) {
  if (outcome.is_later()) return finish_later(work, *outcome.token, e);
  settle(work, outcome, e);
  const bool inside = work.call.caller.is(UserRole::kService);
  e.batch->pending.push_back({std::move(work.respond), {std::move(outcome.answer), false}, inside});
}

// What is left of a command in its batch, beside the answer to its caller.
void Shard::settle(const Work& work, Outcome& outcome, Evaluation& e) {
  outcome.answer.trace_id = work.call.trace_id;
  if (outcome.is_refused()) {
    e.tx.roll_back();
    if (!work.timer.empty()) e.tx.erase<TimerRow>(work.timer);
    if (is_recorded_refusal(outcome.answer.code)) record_answer(work.call, outcome.answer, e.tx);
  } else {
    record_answer(work.call, outcome.answer, e.tx);
    put_effects(work.call.trace_id, e);
  }
  e.causes.push_back({std::string(work.name), work.call.trace_id, work.call.caller.user, work.call.request});
}

void Shard::finish_later(Work& work, Uuid token, Evaluation& e) {
  e.causes.push_back({std::string(work.name), work.call.trace_id, work.call.caller.user, work.call.request});
  record_pending(work.call, token, e.tx);
  if (work.call.wait_ms == 0) {
    // respond-async: the first commit is what is answered, for ever.
    Outcome now = service_.progress(token, e.tx);
    now.answer.trace_id = work.call.trace_id;
    record_late(token, now.answer, e.tx);
    put_effects(work.call.trace_id, e);
    e.batch->pending.push_back({std::move(work.respond), {std::move(now.answer), false}, false});
    return;
  }
  put_effects(work.call.trace_id, e);
  const int64_t wait_ms = work.call.wait_ms < 0 ? kDefaultWaitMs : work.call.wait_ms;
  waiters_[token].push_back({std::move(work.respond), after(world_.clock().now(), wait_ms)});
  e.batch->waits.push_back(token);
}

// What the command wants besides its records becomes rows of the same write set.
void Shard::put_effects(const std::string& trace_id, Evaluation& e) {
  Transaction& tx = e.tx;
  for (Fact& fact : tx.facts()) {
    for (const Subscriber& s : world_.subscribers(fact.event)) {
      const AnyCommand command = s.command(fact.payload);
      tx.outgoing().push_back({s.service, fact.slot, std::string(command.name()), command.encoded()});
    }
  }
  if (!tx.outgoing().empty()) {
    OutboxRow row;
    row.id = mint_uuid(tx.now(), 0, world_.random());
    row.trace_id = trace_id;
    for (Outgoing& out : tx.outgoing()) {
      row.add({out.service, out.slot, std::move(out.command), std::move(out.payload)});
    }
    tx.put(row);
  }
  for (TimerChange& timer : tx.timers()) {
    const std::string name = timer_name(timer.command, timer.key);
    if (timer.due.ms == 0)
      tx.erase<TimerRow>(name);
    else
      tx.put(TimerRow{name, std::move(timer.command), std::move(timer.payload), timer.due, trace_id});
  }
  for (LateAnswer& late : tx.answers()) {
    if (late.answer.trace_id.empty()) late.answer.trace_id = trace_id;
    record_late(late.token, late.answer, tx);
    e.batch->late.push_back(std::move(late));
  }
  tx.facts().clear();
  tx.outgoing().clear();
  tx.timers().clear();
  tx.answers().clear();
}

bool Shard::propose(Evaluation& e) {
  e.batch->writes = e.tx.take_writes();
  Entry entry;
  entry.time = e.tx.now();
  entry.term = replica_.term();
  entry.causes = std::move(e.causes);
  const auto at = replica_.propose(encode_entry(entry, e.batch->writes));
  if (!at) {
    take_back(e);
    return false;
  }
  last_entry_time_ = entry.time;
  e.batch->at = *at;
  ++gauges_.batches;
  const std::string sagas = table_prefix(group().shard, SagaRow::kTable);
  const auto end = e.batch->writes.lower_bound(after_prefix(sagas));
  for (auto it = e.batch->writes.lower_bound(sagas); it != end; ++it) {
    if (const auto row = (*it).value) sagas_.proposed(decode_stored<SagaRow>(*row));
  }
  in_flight_.push(std::move(e.batch));
  if (!e.queries.empty()) {
    Reading reading;
    reading.queries = std::move(e.queries);
    ask_read(std::move(reading));
  }
  return true;
}

void Shard::propose_nothing() {
  if (!leading_) return;
  Entry entry;
  entry.time = shard_time();
  entry.term = replica_.term();
  if (!replica_.propose(encode_entry(entry, WriteSet{}))) return;
  last_entry_time_ = entry.time;
  world_.wake(*this);
}

// The batch was not taken, as while the lead is being handed over. Callers ask again, here or elsewhere; timers,
// answers and acknowledgements are this shard's own, and if it goes on leading nobody else brings them back.
void Shard::take_back(Evaluation& e) {
  for (Pending& p : e.batch->pending) reply(p.respond, runtime_reply(kNotLeader, ""));
  for (Work& q : e.queries) reply(q.respond, runtime_reply(kNotLeader, ""));
  answer_lost_waits(*e.batch);
  outbox_.give_back(std::move(e.acked));
  for (auto work = e.own.rbegin(); work != e.own.rend(); ++work) queue_.push_front(std::move(*work));
}

void Shard::ask_read(Reading reading) {
  reading.asked_ns = world_.clock().monotonic_ns();
  readings_.emplace(next_read_, std::move(reading));
  replica_.read(next_read_++);
}

void Shard::ask_read(Evaluation& e) {
  if (e.batch->pending.empty() && e.queries.empty()) return;
  Reading reading;
  reading.queries = std::move(e.queries);
  reading.pending = std::move(e.batch->pending);
  if (!in_flight_.empty()) reading.after = in_flight_.back()->at.index;
  ask_read(std::move(reading));
}

}  // namespace stoa
