#include "actors/runtime/shard.hpp"

#include <algorithm>
#include <utility>

namespace stoa {
namespace {

constexpr size_t kMaxInFlight = 8;  // batches; more would only make the overlay's reads dearer
constexpr int64_t kSweepEveryMs = 10'000;
constexpr Index kKeptForSnapshots = 20'000;  // entries behind a snapshot on its way, or it would come in vain

}  // namespace

Shard::Shard(const Service& service, ReplicaBoot boot, ShardState& state, ShardWorld& world)
    : service_(service),
      state_(state),
      world_(world),
      kept_for_others_(boot.kept_for_others),
      replica_(std::move(boot), *this),
      in_flight_(state),
      outbox_(world),
      sagas_(world, service.sagas, [this](const Uuid&, AnyCommand decision, const std::string& trace_id) {
        submit_own(std::move(decision), trace_id, {});
      }) {}

Shard::~Shard() = default;

void Shard::submit(Call call, AnyCommand command, Respond respond) {
  Work work;
  work.entry = service_.commands.find(command.name());
  work.name = command.name();
  work.call = std::move(call);
  work.command = std::move(command);
  work.respond = std::move(respond);
  if (stopped_ || work.entry == nullptr) {
    reply(work.respond, runtime_reply(kUnavailable, stopped_ ? "the node is stopping" : "unknown command"));
  } else {
    queue_.push_back(std::move(work));
  }
  world_.wake(*this);
}

void Shard::submit_own(AnyCommand command, std::string trace_id, std::string timer) {
  Work work;
  work.entry = service_.commands.find(command.name());
  STOA_CHECK(work.entry != nullptr, "timers and sagas name commands of their service");
  work.name = command.name();
  work.call.caller.role = UserRole::kService;
  work.call.deadline = Time{INT64_MAX};
  work.call.trace_id = std::move(trace_id);
  work.command = std::move(command);
  work.timer = std::move(timer);
  queue_.push_back(std::move(work));
  world_.wake(*this);
}

void Shard::turn() {
  replica_.pump();
  if (!leading_ && !stopped_ && replica_.leads_ready()) become_leader();
  while (leading_ && !state_.over_bound() && in_flight_.size() < kMaxInFlight &&
         (!queue_.empty() || (acks_due_ && outbox_.has_acked()))) {
    const bool taken = evaluate_batch();
    replica_.pump();
    if (!taken) break;
  }
  if (!leading_ && replica_.role() != Role::kLeader && leader_ != 0) turn_away();
  acks_due_ = false;
  pass_on_early();
  flush_readable();
  publish_gauges();
  sending_.swap(replies_);
  for (auto& [respond, r] : sending_) respond(std::move(r));
  sending_.clear();
  outbox_.flush();
}

// Another replica leads, or nobody yet: the caller goes there, or comes again.
void Shard::turn_away() {
  if (queue_.empty()) return;
  const std::string leader = leader_ == 0 ? std::string() : world_.node_of(group(), leader_);
  for (Work& work : queue_) reply(work.respond, runtime_reply(kNotLeader, leader));
  queue_.clear();
}

ReplicaId Shard::heir() const {
  if (replica_.role() != Role::kLeader) return 0;
  ReplicaId best = 0;
  Index furthest = 0;
  for (const ReplicaId voter : replica_.members().voters) {
    CoreProgress at{};
    if (voter == replica_.id() || !replica_.progress(voter, at) || at.active == 0 || at.matched < furthest) continue;
    best = voter;
    furthest = at.matched;
  }
  return best;
}

bool Shard::change_members(const MemberChange& change) {
  const bool proposed = leading_ && replica_.change_members({change}).has_value();
  if (proposed) world_.wake(*this);
  return proposed;
}

void Shard::transfer_lead(ReplicaId to) {
  replica_.transfer_lead(to);
  world_.wake(*this);
}

void Shard::unreachable(ReplicaId to) {
  replica_.unreachable(to);
  world_.wake(*this);
}

void Shard::offer_snapshot(const SnapshotOffer& offer) {
  replica_.offer_snapshot(offer);
  world_.wake(*this);
}

void Shard::report_snapshot(ReplicaId to, bool ok) {
  replica_.report_snapshot(to, ok);
  world_.wake(*this);
}

void Shard::stored(uint64_t ticket) {
  replica_.stored(ticket);
  world_.wake(*this);
}

void Shard::step(ReplicaId from, std::string_view message) {
  replica_.step(from, message);
  world_.wake(*this);
}

void Shard::tick() {
  if (replica_.needs_ticks()) replica_.tick();
  if (!leading_ && replica_.role() != Role::kLeader) turn_away();
  gauges_.oldest_saga_ms = sagas_.oldest().ms;
  const Time now = world_.clock().now();
  while (!queue_.empty() && queue_.front().call.deadline < now) {
    reply(queue_.front().respond, runtime_reply(kUnavailable, "no answer within the deadline"));
    queue_.pop_front();
  }
  if (leading_) {
    const int64_t due_ns = world_.clock().monotonic_ns() - kConfirmEveryMs * kNanosecondsInMillisecond;
    const bool alone = replica_.members().sole_voter(replica_.id());
    if (std::exchange(read_hot_, false) || (!alone && confirmed_ns_ <= due_ns)) ask_read(Reading{});
    for (TimerRow& row : timers_.take_due(now)) {
      const auto* entry = service_.commands.find(row.command);
      STOA_CHECK(entry != nullptr, "a timer names a command of its service");
      auto command = entry->revive(row.payload);
      STOA_CHECK(command.has_value(), "a stored command decodes");
      submit_own(std::move(*command), row.trace_id, row.name);
    }
    outbox_.tick();
    acks_due_ = true;
    sagas_.tick();
    for (auto& [token, waiters] : waiters_) {
      for (Waiter& waiter : waiters) {
        if (waiter.asked || waiter.answer_by > now) continue;
        waiter.asked = true;
        Work work;
        work.closes = token;
        work.call.deadline = Time{INT64_MAX};
        queue_.push_back(std::move(work));
        break;  // the answer so far is the same for all who wait
      }
    }
    if (next_sweep_ <= now) {
      next_sweep_ = after(now, kSweepEveryMs);
      Work work;
      work.acks = true;
      work.call.deadline = Time{INT64_MAX};
      queue_.push_back(std::move(work));
    }
  }
  world_.wake(*this);
}

void Shard::state_durable() {
  world_.wake(*this);  // it may have been over its bound
  const Index durable = state_.durable_applied();
  if (durable < 2) return;
  const Index last = replica_.last_index();
  const bool feeds = replica_.role() == Role::kLeader;
  const Index all_have = feeds ? replica_.slowest_match() : 0;
  const Index snapshot = world_.oldest_snapshot(group());
  const Index for_snapshots = snapshot == 0 ? last : std::max(snapshot, last - std::min(last, kKeptForSnapshots));
  const Index kept = feeds ? kept_for_others_ : std::min(kept_for_others_, kKeptByFollowers);
  const Index old = trimmable(durable, replica_.members(), replica_.id(), kept);
  const Index upto = std::min(std::max(old, std::min(all_have, durable - 1)), for_snapshots);
  if (upto == 0) return;
  world_.trim(group(), upto);
  replica_.compact(upto);
}

void Shard::stop() {
  stopped_ = true;
  lose_lead();
  for (Work& work : queue_) reply(work.respond, runtime_reply(kUnavailable, "the node is stopping"));
  queue_.clear();
  world_.wake(*this);
}

bool Shard::fresh() const {
  if (!leading_) return false;
  if (replica_.members().sole_voter(replica_.id())) return true;
  read_hot_ = true;
  return confirmed_ns_ > world_.clock().monotonic_ns() - kFreshMs * kNanosecondsInMillisecond;
}

std::optional<Reader> Shard::committed() const {
  if (!fresh()) return std::nullopt;
  return Reader(state_, group().shard, shard_time());
}

Time Shard::shard_time() const {
  const Time now = world_.clock().now();
  return now < last_entry_time_ ? last_entry_time_ : now;
}

void Shard::reply(Respond& respond, Reply r) {
  if (respond) replies_.emplace_back(std::move(respond), std::move(r));
}

void Shard::publish_gauges() {
  gauges_.applied = replica_.applied().index;
  gauges_.term = replica_.term();
  gauges_.leads = leading_;
  gauges_.confirmed_ns = replica_.members().sole_voter(replica_.id()) ? INT64_MAX : confirmed_ns_;
  gauges_.open_sagas = sagas_.size();
  gauges_.timers = timers_.size();
  gauges_.outbox = outbox_.size();
  gauges_.in_flight = in_flight_.size();
  gauges_.queued = queue_.size();
}

}  // namespace stoa
