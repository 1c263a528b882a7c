#include "cluster/replica.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace stoa {

namespace {

Role role_of(const CoreStatus& status) { return static_cast<Role>(status.role); }

std::vector<EntryView> views_of(const std::vector<LogEntry>& log) {
  std::vector<EntryView> out;
  out.reserve(log.size());
  for (const LogEntry& entry : log) {
    out.push_back({entry.index, entry.term, entry.kind, slice(entry.data)});
  }
  return out;
}

CoreBoot core_boot(const ReplicaBoot& boot, const std::vector<EntryView>& log) {
  const HardState hard = boot.hard_state();
  return {boot.log.replica,
          boot.seed,
          hard.term,
          hard.vote,
          hard.commit,
          boot.log.reset.index,
          boot.log.reset.term,
          boot.applied_position().index,
          view_of(boot.members),
          {log.data(), log.size()}};
}

LogEntry owned(const EntryView& entry) {
  return {entry.index, entry.term, static_cast<uint8_t>(entry.kind), std::string(view(entry.data))};
}

}  // namespace

Replica::Replica(const ReplicaBoot& boot, ReplicaPort& port)
    : port_(port),
      group_((boot.check(), boot.group)),
      id_(boot.log.replica),
      core_(core_boot(boot, views_of(boot.log.entries))),
      members_(boot.members),
      applied_(boot.applied_position()),
      latest_(boot.hard_state()),
      durable_(boot.log.hard_state),
      told_term_(boot.log.hard_state.term) {}

std::optional<Position> Replica::propose(std::string_view payload) {
  STOA_CHECK(!payload.empty(), "empty entries are the core's own");
  if (!leads_ready() || !core_.propose(payload)) {
    return std::nullopt;
  }
  return Position{core_.status().term, core_.status().last};
}

void Replica::read(uint64_t id) { reads_.ask(id); }

void Replica::tick() {
  ++ticks_;
  if (ticks_ > kReadRoundTicks) {
    reads_.restart_rounds_of(ticks_ - kReadRoundTicks);
  }
  core_.tick();
}

void Replica::step(ReplicaId from, std::string_view message) { core_.step(from, message); }

void Replica::stored(uint64_t ticket) {
  STOA_CHECK(ticket <= last_ticket_, "only what was asked for can be stored");
  stored_ = std::max(stored_, ticket);
}

void Replica::unreachable(ReplicaId to) { core_.unreachable(to); }
void Replica::report_snapshot(ReplicaId to, bool ok) { core_.report_snapshot(to, ok); }
void Replica::compact(Index upto) { core_.compact(std::min(upto, applied_.index)); }
void Replica::campaign() { core_.campaign(); }

void Replica::offer_snapshot(SnapshotOffer offer) {
  STOA_CHECK(offer.at.index <= applied_.index, "a snapshot is of an applied state");
  core_.offer(offer.at.index, offer.at.term, offer.members, offer.manifest);
}

std::optional<Position> Replica::change_members(const std::vector<MemberChange>& changes) {
  if (!leads_ready() || changes.empty()) {
    return std::nullopt;
  }
  for (const MemberChange& change : changes) {
    if (change.kind != MemberChange::Kind::kAddVoter) {
      if (change.id == id_) {
        return std::nullopt;  // a leader hands over first
      }
      continue;
    }
    if (!caught_up(change.id) && !members_.is_voter(change.id)) {
      return std::nullopt;
    }
  }
  if (!core_.propose_changes(changes)) {
    return std::nullopt;
  }
  return Position{core_.status().term, core_.status().last};
}

// It is fed and has nearly all of the log, or is there and has all of it. Whoever was unreachable for a moment, or had
// its snapshot before the sender said so, is probed until it answers an append: in a quiet group there is none.
bool Replica::caught_up(ReplicaId id) const {
  CoreProgress at{};
  if (id == id_) return true;
  if (!core_.progress(id, at)) return false;
  const bool fed = at.state == 1 && at.matched + kCaughtUp >= core_.status().last;
  return fed || (at.active != 0 && at.matched == core_.status().last);
}

void Replica::transfer_lead(ReplicaId to) { core_.transfer(to); }

void Replica::pump() {
  STOA_CHECK(!pumping_, "a port calls back");
  pumping_ = started_ = true;
  bool more = true;
  while (more) {
    complete_stored();
    campaign_if_alone();
    start_reads();
    more = may_take_ready();
    if (more) {
      take_ready();
    }
    more = apply_waiting() || more;
    tell_lead();
    answer_reads();
    pass_snapshot_wish();
  }
  pumping_ = false;
}

bool Replica::has_work() const {
  const bool finished = !in_flight_.empty() && in_flight_.front().ticket <= stored_;
  const bool reads = reads_.wants_round() && (leads_ready() || role() != Role::kLeader);
  return !started_ || finished || reads || may_take_ready() || core_.status().wanted_by != 0;
}

bool Replica::may_take_ready() const { return core_.status().has_ready != 0 && writes_in_flight_ < kMaxWritesInFlight; }

void Replica::take_ready() {
  ReadyView ready;
  core_.ready(ready);
  if (ready.has_hard_state != 0) {
    latest_ = {ready.term, ready.vote, ready.commit};
  }
  InFlight what{ready.number, 0, durable_, ready.messages, {}};
  // A leader need not wait for its own disk to let others write, but it must never lead a term that it can forget.
  const CoreStatus& now = core_.status();
  if (role() == Role::kLeader && durable_.term == now.term && durable_.vote == now.vote) {
    send(std::exchange(what.messages, {}));
  }
  if (ready.must_sync != 0) {
    if (ready.snapshot.index != 0) {
      what.snapshot = {{ready.snapshot.term, ready.snapshot.index},
                       to_members(ready.snapshot.members),
                       std::string(view(ready.snapshot.manifest))};
      committed_.clear();
    }
    write(records_of(ready, what.hard_state), what);
  }
  for (const ReadView& read : ready.reads) {
    reads_.confirmed(read.term, read.sequence, read.index);
  }
  in_flight_.push_back(std::move(what));  // before anything is applied: that may put a write of its own in flight
  take_committed(ready.committed);
  complete_stored();
}

std::vector<JournalRecord> Replica::records_of(const ReadyView& ready, HardState& written) {
  std::vector<JournalRecord> records;
  records.reserve(3);
  if (ready.snapshot.index != 0) {
    records.push_back({group_, id_, Reset{ready.snapshot.index, ready.snapshot.term}});
  }
  if (!ready.entries.empty()) {
    Entries tail;
    tail.entries.reserve(ready.entries.size);
    for (const EntryView& entry : ready.entries) {
      tail.entries.push_back(owned(entry));
    }
    records.push_back({group_, id_, std::move(tail)});
  }
  records.push_back({group_, id_, latest_});
  written = latest_;
  return records;
}

// Hands the records over; `what` is put in flight by the caller.
void Replica::write(std::vector<JournalRecord> records, InFlight& what) {
  what.ticket = ++last_ticket_;
  ++writes_in_flight_;
  if (what.snapshot.at.index != 0) {
    port_.install(what.snapshot, std::move(records), what.ticket);
  } else {
    port_.persist(std::move(records), what.ticket);
  }
}

void Replica::send(Slice<MessageView> messages) {
  for (const MessageView& message : messages) {
    std::string bytes(view(message.bytes));
    if (message.snapshot == nullptr) {
      port_.send(message.to, std::move(bytes));
      continue;
    }
    const SnapshotView& of = *message.snapshot;
    port_.send_snapshot(message.to, std::move(bytes),
                        {{of.term, of.index}, to_members(of.members), std::string(view(of.manifest))});
  }
}

void Replica::complete_stored() {
  while (!in_flight_.empty() && in_flight_.front().ticket <= stored_) {
    complete(in_flight_.front());
    in_flight_.pop_front();
  }
}

void Replica::complete(InFlight& what) {
  if (what.ticket != 0) {
    durable_ = what.hard_state;
    --writes_in_flight_;
  }
  if (what.ready == 0) {
    return;
  }
  send(what.messages);
  core_.persisted(what.ready);
  if (what.snapshot.at.index != 0) {
    applied_ = what.snapshot.at;
    members_ = std::move(what.snapshot.members);
    core_.applied(applied_.index);
  }
}

void Replica::take_committed(Slice<EntryView> entries) {
  bool applied = false;
  for (const EntryView& entry : entries) {
    if (committed_.empty() &&
        apply_one({entry.index, entry.term, static_cast<uint8_t>(entry.kind), view(entry.data)})) {
      applied = true;
      continue;
    }
    committed_.push_back(owned(entry));
  }
  if (applied) {
    core_.applied(applied_.index);
  }
}

// False if the entry has to wait: a change of members that a crash could take back would leave a replica that believes
// in voters who are gone.
bool Replica::apply_one(const CommittedEntry& entry) {
  if (entry.kind != 0) {
    if (durable_.commit < entry.index) {
      sync_commit();
      return false;
    }
    if (core_.apply_change(entry.kind, entry.data, members_)) {
      proposed_before_ = core_.status().last;
      port_.members_changed(members_, entry.index);
    }
  }
  port_.apply(entry);
  applied_ = {entry.term, entry.index};
  return true;
}

bool Replica::apply_waiting() {
  bool applied = false;
  while (!committed_.empty()) {
    const LogEntry& next = committed_.front();
    if (!apply_one({next.index, next.term, next.kind, next.data})) break;
    committed_.pop_front();
    applied = true;
  }
  if (applied) {
    core_.applied(applied_.index);
  }
  return applied;
}

void Replica::sync_commit() {
  if (commit_asked_ >= latest_.commit) {
    return;
  }
  commit_asked_ = latest_.commit;
  InFlight what{0, 0, latest_, {}, {}};
  write({{group_, id_, latest_}}, what);
  in_flight_.push_back(std::move(what));
}

// Nobody else could elect it, and it would wait for ticks in vain while groups without followers are not ticked.
void Replica::campaign_if_alone() {
  if (role() != Role::kLeader && members_.sole_voter(id_)) {
    core_.campaign();
  }
}

void Replica::start_reads() {
  if (leads_ready() && reads_.wants_round()) {
    const Term now = term();
    const bool asked = core_.read(now, reads_.start_round(now, ticks_));
    STOA_CHECK(asked, "a ready leader answers reads");
  }
}

void Replica::answer_reads() {
  if (role() != Role::kLeader) {
    for (const uint64_t id : reads_.take_lost()) {
      port_.read_lost(id);
    }
  }
  for (const uint64_t id : reads_.take_readable(applied_.index)) {
    port_.readable(id);
  }
}

void Replica::tell_lead() {
  if (told_role_ == role() && told_term_ == term() && told_leader_ == leader()) {
    return;
  }
  if (told_term_ != term()) {
    for (const uint64_t id : reads_.take_lost()) {
      port_.read_lost(id);
    }
  }
  told_role_ = role();
  told_term_ = term();
  told_leader_ = leader();
  port_.lead_changed(told_role_, told_term_, told_leader_);
}

void Replica::pass_snapshot_wish() {
  const CoreStatus& now = core_.status();
  if (now.wanted_by != 0) {
    port_.snapshot_wanted(now.wanted_by, now.wanted_from);
    core_.want_noted();
  }
}

Role Replica::role() const { return role_of(core_.status()); }
Term Replica::term() const { return core_.status().term; }
ReplicaId Replica::leader() const { return core_.status().leader; }
bool Replica::leads_ready() const {
  return role() == Role::kLeader && applied_.term == term() && core_.status().blocked == 0;
}
Position Replica::applied() const { return applied_; }
Index Replica::committed() const { return core_.status().commit; }
Index Replica::last_index() const { return core_.status().last; }
Index Replica::first_index() const { return core_.status().first; }
const Members& Replica::members() const { return members_; }
bool Replica::members_known() const { return leads_ready() && applied_.index > proposed_before_; }
Index Replica::slowest_match() const { return core_.slowest_match(); }

bool Replica::needs_ticks() const {
  const bool only_member = members_.sole_voter(id_) && members_.learners.empty();
  return !(only_member && leads_ready());
}

}  // namespace stoa
