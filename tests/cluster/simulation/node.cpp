#include "tests/cluster/simulation/node.hpp"

#include <utility>

#include "base/check.hpp"

namespace stoa::simulation {

namespace {

constexpr GroupId kGroup{1, 1};
constexpr int64_t kTickMs = 100;

}  // namespace

void Node::be_born(const Members& members) {
  STOA_CHECK(journal_.append(ReplicaBoot::birth_records(kGroup, id_), true).ok(), "the disk works");
  durable_.members = members;
  durable_.applied = ReplicaBoot::kBirth;
}

void Node::be_empty() { STOA_CHECK(journal_.append({{kGroup, id_, Reset{0, 0}}}, true).ok(), "the disk works"); }

GroupLog Node::recovered() {
  GroupLog log = *journal_.recover(kGroup).value();
  if (durable_.installing && log.reset.index < durable_.applied.index) {
    const auto records = ReplicaBoot::reset_records(kGroup, log, durable_.applied);
    STOA_CHECK(journal_.append(records, true).ok(), "the disk works");
    log = *journal_.recover(kGroup).value();
  }
  durable_.installing = false;
  return log;
}

void Node::boot() {
  machine_ = durable_.machine;
  members_ = durable_.members;
  const ReplicaBoot boot{kGroup, world_.schedule.random().u64(), recovered(), durable_.applied, durable_.members};
  terms_ = {{boot.log.reset.index, boot.log.reset.term}};
  for (const LogEntry& entry : boot.log.entries) {
    terms_[entry.index] = entry.term;
  }
  replica_.emplace(boot, *this);
  later(world_.schedule.between(0, kTickMs), [this] { tick(); });
  input();
}

void Node::crash() {
  ++life_;
  // What the disk was asked for and did not confirm is there or not, from the first on; the rest never was.
  for (const Write& write : queue_) {
    if (write.install || !disk_busy_) {
      break;
    }
    if (world_.schedule.chance(50)) {
      journal_.cut_power_at(journal_.operations() + 1);  // written, not synced
      (void)journal_.append(write.records, true);
    }
    break;
  }
  journal_.crash(world_.schedule.random());
  if (world_.plant == Plant::kForgetsItsVotes) {
    const HardState kept = journal_.recover(kGroup).value()->hard_state;
    (void)journal_.append({{kGroup, id_, HardState{kept.term, 0, kept.commit}}}, true);
  }
  replica_.reset();
  queue_.clear();
  wishes_.clear();
  turn_due_ = disk_busy_ = installing_ = false;
  stored_early_ = 0;
  for (auto& [index, waiting] : std::exchange(waiting_, {})) {
    waiting.reply({});
  }
  for (auto& [id, read] : std::exchange(reads_, {})) {
    read.second({});
  }
}

void Node::pause(int64_t ms) { paused_until_ms_ = world_.schedule.now_ms() + ms; }

void Node::later(int64_t delay_ms, std::function<void()> what) {
  world_.schedule.after(delay_ms, [this, life = life_, what = std::move(what)] {
    if (life != life_) {
      return;
    }
    const int64_t rest = paused_until_ms_ - world_.schedule.now_ms();
    if (rest > 0) {
      later(rest, what);
    } else {
      what();
    }
  });
}

void Node::tick() {
  replica_->tick();
  input();
  later(kTickMs, [this] { tick(); });
}

void Node::input() {
  if (!turn_due_) {
    turn_due_ = true;
    later(world_.schedule.between(0, 1), [this] { turn(); });
  }
}

void Node::turn() {
  turn_due_ = false;
  replica_->pump();
  if (stored_early_ != 0) {
    replica_->stored(std::exchange(stored_early_, 0));
    replica_->pump();
  }
  for (const auto& [follower, least] : std::exchange(wishes_, {})) {
    flush(false);
    if (durable_.applied.index >= least && durable_.members.contains(follower)) {
      world_.snapshots[durable_.applied.index] = {durable_.machine, durable_.members};
      replica_->offer_snapshot({durable_.applied, durable_.members, std::to_string(durable_.applied.index)});
    }
  }
  // Dropped proposals: another leader's entries stand where they stood, or none ever will.
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    if (replica_->role() == Role::kLeader && replica_->term() == at->second.term) {
      ++at;
      continue;
    }
    at->second.reply({});
    at = waiting_.erase(at);
  }
}

bool Node::deliver(ReplicaId from, const std::string& message) {
  if (!up()) {
    return false;
  }
  later(0, [this, from, message] {
    replica_->step(from, message);
    input();
  });
  return true;
}

void Node::report_snapshot(ReplicaId to, bool ok) {
  if (up()) {
    replica_->report_snapshot(to, ok);
    input();
  }
}

void Node::write(const Command& command, Reply reply) {
  const auto at = up() ? replica_->propose(command.encode()) : std::nullopt;
  if (!at) {
    return reply({});
  }
  if (world_.plant == Plant::kAnswersBeforeCommit) {
    reply({true, at->index});
  } else {
    waiting_[at->index] = {at->term, std::move(reply)};
  }
  input();
}

void Node::read(uint64_t key, Reply reply) {
  if (!up() || !replica_->leads_ready()) {
    return reply({});
  }
  if (world_.plant == Plant::kReadsWithoutAsking) {
    return reply({true, machine_.registers[key]});
  }
  reads_[++last_read_] = {key, std::move(reply)};
  replica_->read(last_read_);
  input();
}

bool Node::change_members(const std::vector<MemberChange>& changes) {
  const bool begun = up() && replica_->change_members(changes).has_value();
  input();
  return begun;
}

void Node::transfer_lead(ReplicaId to) {
  replica_->transfer_lead(to);
  input();
}

void Node::lose_leader() {
  replica_->unreachable(replica_->leader());
  input();
}

void Node::flush(bool trim) {
  if (!up() || installing_) {
    return;
  }
  durable_.applied = replica_->applied();
  durable_.members = members_;
  durable_.machine = machine_;
  if (world_.plant == Plant::kFlushesBeyondItsState) {
    const Index beyond = std::min(replica_->committed(), recovered().last_index());
    const GroupLog log = recovered();
    if (beyond > durable_.applied.index && beyond > log.reset.index) {
      durable_.applied = {log.entries[beyond - log.reset.index - 1].term, beyond};
    }
  }
  if (trim) {
    journal_.trim(kGroup, durable_.applied.index);
    replica_->compact(durable_.applied.index);
  }
}

void Node::persist(std::vector<JournalRecord> records, uint64_t ticket) {
  note_appended(records);
  queue_.push_back({std::move(records), ticket, std::nullopt});
  if (world_.plant == Plant::kSpeaksBeforeItsDisk) {
    stored_early_ = ticket;
    input();
  }
  begin_disk_turn();
}

void Node::install(const SnapshotOffer& offer, std::vector<JournalRecord> records, uint64_t ticket) {
  installing_ = true;
  note_appended(records);
  queue_.push_back({std::move(records), ticket, offer});
  begin_disk_turn();
}

void Node::note_appended(const std::vector<JournalRecord>& records) {
  for (const JournalRecord& record : records) {
    if (const auto* reset = std::get_if<Reset>(&record.body)) {
      terms_ = {{reset->index, reset->term}};
    } else if (const auto* tail = std::get_if<Entries>(&record.body)) {
      terms_.erase(terms_.lower_bound(tail->entries.front().index), terms_.end());
      for (const LogEntry& entry : tail->entries) {
        world_.checker.appended(entry, terms_.at(entry.index - 1));
        terms_[entry.index] = entry.term;
      }
    }
  }
}

// One turn takes all that is queued, up to an install, which goes alone.
void Node::begin_disk_turn() {
  if (disk_busy_ || queue_.empty()) {
    return;
  }
  disk_busy_ = true;
  size_t writes = 1;
  while (!queue_.front().install && writes < queue_.size() && !queue_[writes].install) {
    ++writes;
  }
  const int64_t disk_ms = world_.schedule.between(0, world_.slowness.disk_max_ms);
  if (!queue_.front().install) {
    return later(disk_ms, [this, writes] { end_disk_turn(writes); });
  }
  later(world_.schedule.between(1, 30), [this, writes, disk_ms] {
    // The state is replaced before the journal learns of it, however the node is stopped in between.
    const auto& [machine, members] = world_.snapshots.at(queue_.front().install->at.index);
    durable_ = {queue_.front().install->at, members, machine, true};
    later(disk_ms + 1, [this, writes] { end_disk_turn(writes); });
  });
}

void Node::end_disk_turn(size_t writes) {
  std::vector<JournalRecord> records;
  for (size_t i = 0; i < writes; ++i) {
    records.insert(records.end(), queue_[i].records.begin(), queue_[i].records.end());
  }
  STOA_CHECK(journal_.append(records, true).ok(), "the disk works");
  const uint64_t ticket = queue_[writes - 1].ticket;
  const auto install = queue_.front().install;
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<ptrdiff_t>(writes));
  disk_busy_ = false;
  later(world_.schedule.between(0, 2), [this, ticket, install] {
    if (install) {
      durable_.installing = false;
      machine_ = durable_.machine;
      members_ = durable_.members;
      installing_ = false;
      ++world_.installs;
      world_.checker.installed(id_, durable_.applied, machine_.history);
    }
    replica_->stored(ticket);
    if (install) {
      turn();  // nothing may look at the state before the replica knows how far it goes
    } else {
      input();
    }
  });
  begin_disk_turn();
}

void Node::send(ReplicaId to, std::string message) { world_.send(id_, to, std::move(message), nullptr); }

void Node::send_snapshot(ReplicaId to, std::string message, const SnapshotOffer& offer) {
  world_.send(id_, to, std::move(message), &offer);
}

void Node::apply(const CommittedEntry& committed) {
  const LogEntry entry{committed.index, committed.term, committed.kind, std::string(committed.data)};
  STOA_CHECK(!installing_, "nothing is applied while a snapshot is installed");
  const Index effect = machine_.apply(entry);
  world_.checker.applied(id_, entry, machine_.history);
  world_.schedule.note(id_, entry.index, entry.term);
  const auto at = waiting_.find(entry.index);
  if (at != waiting_.end()) {
    const Waiting waiting = std::move(at->second);
    waiting_.erase(at);
    waiting.reply(waiting.term == entry.term ? Answer{true, effect} : Answer{});
  }
}

void Node::members_changed(const Members& members, Index at) {
  world_.members_changed(members, at);
  members_ = members;
}

void Node::lead_changed(Role role, Term term, ReplicaId leader) {
  world_.schedule.note(id_, term, leader);
  if (role == Role::kLeader) {
    world_.checker.leads(id_, term);
  }
}

void Node::readable(uint64_t read) {
  const auto at = reads_.find(read);
  STOA_CHECK(at != reads_.end(), "each read is answered once");
  const auto [key, reply] = std::move(at->second);
  reads_.erase(at);
  reply({true, machine_.registers[key]});
}

void Node::read_lost(uint64_t read) {
  const auto at = reads_.find(read);
  STOA_CHECK(at != reads_.end(), "each read is answered once");
  const Reply reply = std::move(at->second.second);
  reads_.erase(at);
  reply({});
}

void Node::snapshot_wanted(ReplicaId follower, Index at_least) { wishes_.emplace_back(follower, at_least); }

}  // namespace stoa::simulation
