// The consensus core of one group: pure, without thread, clock, disk or socket. It takes ticks, messages and proposals
// and says through ready() what to persist, send and apply. cluster/replica.hpp drives it; nothing else may.
// One thread. A broken invariant inside the core aborts the process. Slices that go in are copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/group.hpp"
#include "cluster/members.hpp"

namespace stoa {

// Borrowed memory in the layout of the core's ABI, as are all structs below: only 64-bit fields.
template <class T>
struct Slice {
  const T* data = nullptr;
  size_t size = 0;

  const T* begin() const { return data; }
  const T* end() const { return data + size; }
  bool empty() const { return size == 0; }
};

using ByteSlice = Slice<char>;
inline std::string_view view(ByteSlice bytes) { return {bytes.data, bytes.size}; }
inline ByteSlice slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

struct EntryView {
  Index index;
  Term term;
  uint64_t kind;  // as LogEntry::kind
  ByteSlice data;
};

struct MembersView {
  Slice<ReplicaId> voters, learners, voters_outgoing, learners_next;
  uint64_t auto_leave;
};
Members to_members(const MembersView& view);  // sorted
MembersView view_of(const Members& members);  // valid as long as `members` is

struct SnapshotView {
  Index index;
  Term term;
  MembersView members;
  ByteSlice manifest;
};

struct MessageView {
  ReplicaId to;
  ByteSlice bytes;
  const SnapshotView* snapshot;  // of a message that carries one, else null
};

struct ReadView {
  Term term;
  uint64_t sequence;
  Index index;  // what is applied up to here may answer the read
};

struct ReadyView {
  uint64_t number;     // rises
  uint64_t must_sync;  // entries, a term, a vote or a snapshot: not only a commit index
  uint64_t has_hard_state;
  Term term;
  ReplicaId vote;
  Index commit;
  Slice<EntryView> entries;    // replace the log's tail from the first one's index on
  Slice<EntryView> committed;  // and durable here, in order
  Slice<MessageView> messages;
  Slice<ReadView> reads;
  SnapshotView snapshot;  // index 0 = none; comes before `entries`
};

// Stands in memory that the core writes: reading it costs no call.
struct CoreStatus {
  uint64_t role;  // 0 follower, 1 candidate, 2 leader
  Term term;
  ReplicaId vote;
  ReplicaId leader;
  Index commit;
  Index first, last;        // of the log in memory
  uint64_t has_ready;       // ready() would give something
  uint64_t blocked;         // a snapshot is being installed: ticks, messages and proposals are dropped
  uint64_t commit_in_term;  // leads, and an entry of its term is committed
  ReplicaId wanted_by;      // a follower that needs a snapshot, 0 = none
  Index wanted_from;        // the lowest index of one that would do
};

struct CoreBoot {
  ReplicaId id;
  uint64_t seed;
  Term term;
  ReplicaId vote;
  Index commit;
  Index base_index;  // the position right before the first entry of `log`
  Term base_term;
  Index applied;
  MembersView members;
  Slice<EntryView> log;
};

struct CoreProgress {
  Index matched;
  Index next;
  uint64_t state;   // 0 probe, 1 replicate, 2 snapshot
  uint64_t active;  // heard of within the last election timeout
};

class Consensus {
 public:
  static constexpr int kElectionTicks = 10;

  explicit Consensus(const CoreBoot& boot);
  ~Consensus();
  Consensus(const Consensus&) = delete;
  Consensus& operator=(const Consensus&) = delete;

  const CoreStatus& status() const { return *status_; }

  void tick();
  void campaign();                                         // nothing happens where it may not
  bool step(ReplicaId from, std::string_view message);     // false = dropped
  bool propose(std::string_view data);                     // false = not the leader, or not now
  bool propose_changes(const std::vector<MemberChange>&);  // empty = leave the joint configuration
  bool read(Term term, uint64_t sequence);                 // the pair is never used again; answered in ReadyView::reads
  void transfer(ReplicaId to);
  void unreachable(ReplicaId id);  // its node is lost: a leader probes, and a follower of it seeks another one soon
  void report_snapshot(ReplicaId id, bool ok);
  void offer(Index index, Term term, const Members& members, std::string_view manifest);
  void want_noted();  // status().wanted_by was passed on

  // Everything up to `number` was handed over; the slices live until persisted(number).
  void ready(ReadyView& out);
  void persisted(uint64_t number);                                            // and all before it
  bool apply_change(uint64_t kind, std::string_view data, Members& members);  // false = refused, nothing changed
  void applied(Index index);
  void compact(Index upto);  // <= applied

  bool progress(ReplicaId id, CoreProgress& out) const;  // false = not a member
  Index slowest_match() const;                           // of all other members; the last index without any

 private:
  const CoreStatus* status_;  // set with core_
  void* core_;
};

}  // namespace stoa
