#include "cluster/consensus.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace stoa {

// The functions of cluster/raft/src/lib.rs, with the structs of the header in the layout of its view.rs.
extern "C" {
void* stoa_raft_new(const CoreBoot*, const CoreStatus**);
void stoa_raft_free(void*);
void stoa_raft_tick(void*);
void stoa_raft_campaign(void*);
uint64_t stoa_raft_step(void*, uint64_t, ByteSlice);
uint64_t stoa_raft_propose(void*, ByteSlice);
struct RaftChange {
  uint64_t kind;
  uint64_t id;
};
uint64_t stoa_raft_propose_changes(void*, Slice<RaftChange>);
uint64_t stoa_raft_apply_change(void*, uint64_t, ByteSlice, MembersView*);
void stoa_raft_applied(void*, uint64_t);
void stoa_raft_transfer(void*, uint64_t);
uint64_t stoa_raft_read(void*, uint64_t, uint64_t);
void stoa_raft_unreachable(void*, uint64_t);
void stoa_raft_report_snapshot(void*, uint64_t, uint64_t);
void stoa_raft_offer(void*, const SnapshotView*);
void stoa_raft_want_noted(void*);
void stoa_raft_compact(void*, uint64_t);
void stoa_raft_ready(void*, ReadyView*);
void stoa_raft_persisted(void*, uint64_t);
uint64_t stoa_raft_progress(const void*, uint64_t, CoreProgress*);
uint64_t stoa_raft_slowest_match(const void*);
}

static_assert(sizeof(size_t) == 8 && sizeof(EntryView) == 40 && sizeof(SnapshotView) == 104 &&
                  sizeof(ReadyView) == 216 && sizeof(CoreStatus) == 96 && sizeof(CoreBoot) == 152,
              "the layout of cluster/raft/src/view.rs");

namespace {

std::vector<ReplicaId> sorted(Slice<ReplicaId> ids) {
  std::vector<ReplicaId> out(ids.begin(), ids.end());
  std::sort(out.begin(), out.end());
  return out;
}

Slice<ReplicaId> borrowed(const std::vector<ReplicaId>& ids) { return {ids.data(), ids.size()}; }

}  // namespace

Members to_members(const MembersView& view) {
  Members out;
  out.voters = sorted(view.voters);
  out.learners = sorted(view.learners);
  out.voters_outgoing = sorted(view.voters_outgoing);
  out.learners_next = sorted(view.learners_next);
  out.auto_leave = view.auto_leave != 0;
  return out;
}

MembersView view_of(const Members& members) {
  return {borrowed(members.voters), borrowed(members.learners), borrowed(members.voters_outgoing),
          borrowed(members.learners_next), members.auto_leave ? 1u : 0u};
}

Consensus::Consensus(const CoreBoot& boot) : core_(stoa_raft_new(&boot, &status_)) {}
Consensus::~Consensus() { stoa_raft_free(core_); }

void Consensus::tick() { stoa_raft_tick(core_); }
void Consensus::campaign() { stoa_raft_campaign(core_); }
bool Consensus::step(ReplicaId from, std::string_view message) {
  return stoa_raft_step(core_, from, slice(message)) != 0;
}
bool Consensus::propose(std::string_view data) { return stoa_raft_propose(core_, slice(data)) != 0; }

bool Consensus::propose_changes(const std::vector<MemberChange>& changes) {
  std::vector<RaftChange> raw;
  for (const MemberChange& change : changes) {
    raw.push_back({static_cast<uint64_t>(change.kind), change.id});
  }
  return stoa_raft_propose_changes(core_, {raw.data(), raw.size()}) != 0;
}

bool Consensus::read(Term term, uint64_t sequence) { return stoa_raft_read(core_, term, sequence) != 0; }
void Consensus::transfer(ReplicaId to) { stoa_raft_transfer(core_, to); }
void Consensus::unreachable(ReplicaId id) { stoa_raft_unreachable(core_, id); }
void Consensus::report_snapshot(ReplicaId id, bool ok) { stoa_raft_report_snapshot(core_, id, ok ? 1 : 0); }

void Consensus::offer(Index index, Term term, const Members& members, std::string_view manifest) {
  const SnapshotView raw{index, term, view_of(members), slice(manifest)};
  stoa_raft_offer(core_, &raw);
}

void Consensus::want_noted() { stoa_raft_want_noted(core_); }
void Consensus::ready(ReadyView& out) {
  out = ReadyView{};
  stoa_raft_ready(core_, &out);
}
void Consensus::persisted(uint64_t number) { stoa_raft_persisted(core_, number); }

bool Consensus::apply_change(uint64_t kind, std::string_view data, Members& members) {
  MembersView raw{};
  if (stoa_raft_apply_change(core_, kind, slice(data), &raw) == 0) {
    return false;
  }
  members = to_members(raw);
  return true;
}

void Consensus::applied(Index index) { stoa_raft_applied(core_, index); }
void Consensus::compact(Index upto) { stoa_raft_compact(core_, upto); }

bool Consensus::progress(ReplicaId id, CoreProgress& out) const { return stoa_raft_progress(core_, id, &out) != 0; }
Index Consensus::slowest_match() const { return stoa_raft_slowest_match(core_); }

}  // namespace stoa
