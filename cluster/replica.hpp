// One replica of one consensus group: drives the consensus core and keeps the order of what it asks for. A plain class:
// no thread, clock, disk or socket; called only from its owner's thread, and never from inside a ReplicaPort call.
// Inputs (propose, read, tick, step, stored, ...) only take note; pump() acts on them.
//
// Promises: an entry is applied only when committed and durable here, in order, once per boot. A follower's or
// candidate's message leaves after the records it stands on are stored; a leader's at once, if its own term and vote
// are. A change of members takes effect only after a synced hard state commits it. A group of one voter leads from its
// first stored() on, without a tick.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/group.hpp"
#include "cluster/consensus.hpp"
#include "cluster/members.hpp"
#include "cluster/read_queue.hpp"
#include "cluster/replica_boot.hpp"
#include "cluster/replica_port.hpp"

namespace stoa {

class Replica {
 public:
  // Fail-stop when the log has a hole, does not reach `applied` or begins behind it.
  // `port` outlives the replica. Calls nothing of it before the first pump().
  Replica(const ReplicaBoot& boot, ReplicaPort& port);
  Replica(const Replica&) = delete;
  Replica& operator=(const Replica&) = delete;

  // Appends to the log if this replica leads and is ready (leads_ready()); nullopt = nothing happened. The payload must
  // not be empty. The position is decided: apply() of that index with that term = committed; with another term = lost.
  std::optional<Position> propose(std::string_view payload);
  // Answered by readable(id) or read_lost(id); each id once per boot. All reads asked in one turn share one round.
  void read(uint64_t id);
  // One tick is 100 ms; an election takes 10 of them or more. Not needed while needs_ticks() is false.
  void tick();
  // A message from another replica. Whatever is not meant for this replica id, or may not come from outside, is
  // dropped.
  void step(ReplicaId from, std::string_view message);
  // Every persist() and install() up to this ticket is done.
  void stored(uint64_t ticket);
  // `to` could not be reached; a snapshot sent to `to` was installed or has failed.
  void unreachable(ReplicaId to);  // its node was lost: where it leads, the others elect another one soon
  void report_snapshot(ReplicaId to, bool ok);
  // Entries up to `upto` are no longer held in memory for followers; `upto` is at most the durable applied index.
  void compact(Index upto);
  // The answer to snapshot_wanted().
  void offer_snapshot(SnapshotOffer offer);
  // Only on a ready leader, one change at a time; nullopt = refused. Takes effect with members_changed().
  std::optional<Position> change_members(const std::vector<MemberChange>& changes);
  // Asks a voter that has caught up to take the lead. Proposals are refused meanwhile (at most one election timeout).
  void transfer_lead(ReplicaId to);
  // Asks for an election now (after DOWN of the leader's node). A sole voter does so by itself at boot.
  void campaign();

  // Acts until nothing is left to do without new input. Call at the end of a turn; cheap when has_work() is false.
  void pump();
  bool has_work() const;

  Role role() const;
  Term term() const;
  ReplicaId leader() const;   // 0 = not known
  bool leads_ready() const;   // leads, and has applied an entry of its own term: may evaluate, propose, read
  Position applied() const;   // handed to apply() so far
  Index committed() const;    // may be ahead of applied()
  Index last_index() const;   // of the log, stored or not
  Index first_index() const;  // of the log held in memory
  const Members& members() const;
  // On a ready leader: a majority of the members knows durably that these are the members. Until then whoever was
  // removed may be needed to elect the next leader, and must not be destroyed. It takes an entry that was proposed once
  // the change had taken effect here: every log that holds it came to it with the news that the change is committed,
  // and whoever is elected after its commit holds it.
  bool members_known() const;
  // What followers have stored, for trimming: the lowest match of all other members; last_index() without any.
  Index slowest_match() const;
  // False while time changes nothing: a ready leader that is the only member.
  bool needs_ticks() const;

  // Of another member, for the inspector; false = not a member.
  bool progress(ReplicaId of, CoreProgress& out) const { return core_.progress(of, out); }

  ReplicaId id() const { return id_; }
  GroupId group() const { return group_; }
  // From the arrival of a snapshot that the core takes until it is installed and stored.
  bool installing() const { return core_.status().blocked != 0; }

 private:
  // What was handed out by the core, or asked for by the driver itself, and is not durable yet.
  struct InFlight {
    uint64_t ready;               // its number; 0 = a hard state that the driver itself asked for
    uint64_t ticket;              // 0 = writes nothing, is done when all before it are
    HardState hard_state;         // what is durable then
    Slice<MessageView> messages;  // leave then
    SnapshotOffer snapshot;       // installed then; index 0 = none
  };
  static constexpr size_t kMaxWritesInFlight = 8;
  static constexpr uint64_t kReadRoundTicks = 2 * Consensus::kElectionTicks;
  static constexpr Index kCaughtUp = 256;  // a learner that is fed and this close to the end may become a voter

  bool caught_up(ReplicaId id) const;
  void take_ready();
  std::vector<JournalRecord> records_of(const ReadyView& ready, HardState& written);
  void write(std::vector<JournalRecord> records, InFlight& what);
  void send(Slice<MessageView> messages);
  void complete_stored();
  void complete(InFlight& what);
  void take_committed(Slice<EntryView> entries);
  bool apply_one(const CommittedEntry& entry);
  bool apply_waiting();
  void sync_commit();
  void campaign_if_alone();
  void start_reads();
  void answer_reads();
  void tell_lead();
  void pass_snapshot_wish();
  bool may_take_ready() const;

  ReplicaPort& port_;
  const GroupId group_;
  const ReplicaId id_;
  Consensus core_;
  Members members_;
  Index proposed_before_ = 0;  // the last change of members took effect; what is behind this was not
  Position applied_;
  HardState latest_;   // what the core wants durable; its commit may run ahead of what was written
  HardState durable_;  // what is
  std::deque<InFlight> in_flight_;
  size_t writes_in_flight_ = 0;
  uint64_t last_ticket_ = 0;
  uint64_t stored_ = 0;
  Index commit_asked_ = 0;          // a synced hard state with this commit is on its way
  std::deque<LogEntry> committed_;  // wait behind a change of members
  ReadQueue reads_;
  uint64_t ticks_ = 0;
  Role told_role_ = Role::kFollower;
  Term told_term_;
  ReplicaId told_leader_ = 0;
  bool started_ = false;
  bool pumping_ = false;
};

}  // namespace stoa
