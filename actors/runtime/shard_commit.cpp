// Shard: from a committed entry to the answers, and what winning and losing the lead means.
#include <algorithm>

#include "actors/runtime/shard.hpp"
#include "storage/write_set_encoding.hpp"

namespace stoa {
namespace {

// The rows of one table that a write set puts, or the keys of those that it erases.
template <class Row, class Each>
void each_put(const WriteSet& set, uint16_t shard, Each&& each) {
  const std::string prefix = table_prefix(shard, Row::kTable);
  const auto end = set.lower_bound(after_prefix(prefix));
  for (auto it = set.lower_bound(prefix); it != end; ++it) {
    const StateWrite write = *it;
    if (write.value) each(decode_stored<Row>(*write.value));
  }
}
template <class Row, class Each>
void each_erased(const WriteSet& set, uint16_t shard, Each&& each) {
  const std::string prefix = table_prefix(shard, Row::kTable);
  const auto end = set.lower_bound(after_prefix(prefix));
  for (auto it = set.lower_bound(prefix); it != end; ++it) {
    const StateWrite write = *it;
    if (!write.value) each(write.key.substr(prefix.size()));
  }
}

Uuid uuid_of(std::string_view key) {
  const auto id = Uuid::from_bytes(key);
  STOA_CHECK(id.has_value(), "the key is a uuid");
  return *id;
}

}  // namespace

void Shard::persist(std::vector<JournalRecord> records, uint64_t ticket) {
  for (const JournalRecord& record : records) {
    const auto* tail = std::get_if<Entries>(&record.body);
    if (tail != nullptr && !tail->entries.empty()) handed_over_ = tail->entries.back().index;
  }
  world_.persist(*this, std::move(records), ticket);
}

void Shard::apply(const CommittedEntry& entry) {
  if (entry.data.empty() || entry.kind != 0) {
    lose_in_flight(entry.index);
    state_.apply(entry.index, entry.term, WriteSet{});
    return;
  }
  Batch* next = in_flight_.front();
  if (next && next->at == Position{entry.term, entry.index}) {
    const auto batch = in_flight_.pop_front();
    commit(*batch, entry);
    return;
  }
  lose_in_flight(entry.index);
  const auto evaluated = view_envelope(entry.data);
  STOA_CHECK(evaluated.ok(), "a committed entry is of a known type and version");
  if (last_entry_time_ < evaluated->time) last_entry_time_ = evaluated->time;
  if (evaluated->term != entry.term) {
    // Evaluated under another lead than the one that logged it: its view may have been wrong.
    ++gauges_.entries_skipped;
    state_.apply(entry.index, entry.term, WriteSet{});
    return;
  }
  auto writes = decode_write_set(evaluated->payload);
  STOA_CHECK(writes.ok(), "a committed write set decodes");
  if (leading_) notice_sagas(*writes);
  apply_writes(entry, *writes);
}

// Services of this node go on; clients, and what is sent on their behalf, wait for the commit.
void Shard::pass_on_early() {
  if (!leading_ || !world_.early()) return;
  for (const auto& batch : in_flight_) {
    if (batch->passed_on || batch->at.index > handed_over_) continue;
    batch->passed_on = true;
    notice_sagas(batch->writes);
    for (Pending& p : batch->pending) {
      if (p.inside) reply(p.respond, std::move(p.reply));
      if (p.inside) p.respond = nullptr;
    }
  }
}

void Shard::commit(Batch& batch, const CommittedEntry& entry) {
  if (leading_ && !batch.passed_on) notice_sagas(batch.writes);
  apply_writes(entry, batch.writes);
  for (Pending& p : batch.pending) reply(p.respond, std::move(p.reply));
  answer_waiters(batch.late);
  if (gauges_.on_commit) gauges_.on_commit(world_.clock().monotonic_ns() - batch.begun_ns, batch.commands);
}

void Shard::apply_writes(const CommittedEntry& entry, const WriteSet& writes) {
  if (leading_) notice_rows(writes);
  world_.applying(group(), writes);
  state_.apply(entry.index, entry.term, writes);
}

// Once for each batch, in their order.
void Shard::notice_sagas(const WriteSet& writes) {
  each_put<SagaRow>(writes, group().shard, [&](const SagaRow& row) { sagas_.committed(row); });
}

void Shard::notice_rows(const WriteSet& writes) {
  const uint16_t shard = group().shard;
  each_put<OutboxRow>(writes, shard, [&](OutboxRow row) { outbox_.committed(std::move(row)); });
  each_erased<OutboxRow>(writes, shard, [&](std::string_view key) { outbox_.erased(uuid_of(key)); });
  each_put<TimerRow>(writes, shard, [&](const TimerRow& row) { timers_.committed(row); });
  each_erased<TimerRow>(writes, shard, [&](std::string_view key) { timers_.erased(std::string(key)); });
  each_erased<SagaRow>(writes, shard, [&](std::string_view key) { sagas_.erased(uuid_of(key)); });
}

void Shard::answer_waiters(std::vector<LateAnswer>& late) {
  for (LateAnswer& l : late) {
    const auto found = waiters_.find(l.token);
    if (found == waiters_.end()) continue;
    for (Waiter& waiter : found->second) {
      const bool last = &waiter == &found->second.back();
      reply(waiter.respond, {last ? std::move(l.answer) : l.answer, false});
    }
    waiters_.erase(found);
  }
}

void Shard::members_changed(const Members& members, Index) { state_.set_members(members.encode()); }

void Shard::lead_changed(Role role, Term, ReplicaId leader) {
  leader_ = leader;
  if (leading_ && role != Role::kLeader) lose_lead();
}

void Shard::become_leader() {
  leading_ = true;
  confirmed_ns_ = INT64_MIN;
  const Reader reader(state_, group().shard, shard_time());
  reader.scan<OutboxRow>(std::tuple<>(), false, [&](OutboxRow row) { return outbox_.committed(std::move(row)), true; });
  reader.scan<TimerRow>(std::tuple<>(), false, [&](const TimerRow& row) { return timers_.committed(row), true; });
  reader.scan<SagaRow>(std::tuple<>(), false, [&](const SagaRow& row) { return sagas_.committed(row), true; });
}

void Shard::lose_lead() {
  leading_ = false;
  outbox_.clear();
  timers_.clear();
  sagas_.clear();
  lose_in_flight(0);
  for (auto& [token, waiters] : waiters_) {
    for (Waiter& w : waiters) reply(w.respond, runtime_reply(kUnknownFate, "the lead was lost meanwhile"));
  }
  waiters_.clear();
  for (auto& [id, reading] : readings_) ready_readings_.push_back(std::move(reading));
  readings_.clear();
  for (Reading& reading : ready_readings_) {
    for (Work& q : reading.queries) reply(q.respond, runtime_reply(kNotLeader, ""));
    for (Pending& p : reading.pending) reply(p.respond, runtime_reply(kNotLeader, ""));
  }
  ready_readings_.clear();
}

// Another entry stands at `from`: the batches proposed for it and above will never be applied. 0: the lead is lost.
void Shard::lose_in_flight(Index from) {
  const bool untouched = in_flight_.empty() || in_flight_.front()->at.index > from;
  if (from != 0 && untouched) return;
  for (auto& batch : in_flight_.take_all()) {
    for (Pending& p : batch->pending) reply(p.respond, runtime_reply(kUnknownFate, "the lead was lost meanwhile"));
    answer_lost_waits(*batch);
  }
}

void Shard::answer_lost_waits(const Batch& batch) {
  for (const Uuid& token : batch.waits) {
    const auto found = waiters_.find(token);
    if (found == waiters_.end()) continue;
    for (Waiter& w : found->second) reply(w.respond, runtime_reply(kUnknownFate, "the lead was lost meanwhile"));
    waiters_.erase(found);
  }
}

void Shard::readable(uint64_t read) {
  const auto found = readings_.find(read);
  if (found == readings_.end()) return;
  confirmed_ns_ = std::max(confirmed_ns_, found->second.asked_ns);
  ready_readings_.push_back(std::move(found->second));
  readings_.erase(found);
}

void Shard::read_lost(uint64_t read) {
  const auto found = readings_.find(read);
  if (found == readings_.end()) return;
  for (Work& q : found->second.queries) reply(q.respond, runtime_reply(kNotLeader, ""));
  for (Pending& p : found->second.pending) reply(p.respond, runtime_reply(kNotLeader, ""));
  readings_.erase(found);
}

void Shard::flush_readable() {
  while (!ready_readings_.empty() && ready_readings_.front().after <= state_.applied()) {
    Reading reading = std::move(ready_readings_.front());
    ready_readings_.pop_front();
    const Reader reader(state_, group().shard, shard_time());
    for (Work& q : reading.queries) {
      Outcome outcome = q.entry->query(q.command.value(), q.call, reader);
      outcome.answer.trace_id = q.call.trace_id;
      reply(q.respond, {std::move(outcome.answer), false});
    }
    for (Pending& p : reading.pending) reply(p.respond, std::move(p.reply));
  }
}

// Between nodes: the world carries these. A group of one voter never asks for them.
void Shard::send(ReplicaId to, std::string message) { world_.send(*this, to, std::move(message)); }
void Shard::snapshot_wanted(ReplicaId follower, Index at_least) { world_.snapshot_wanted(*this, follower, at_least); }
void Shard::send_snapshot(ReplicaId to, std::string message, const SnapshotOffer& offer) {
  world_.send_snapshot(*this, to, std::move(message), offer);
}
void Shard::install(const SnapshotOffer& offer, std::vector<JournalRecord> records, uint64_t ticket) {
  world_.install(*this, offer, std::move(records), ticket);
}

}  // namespace stoa
