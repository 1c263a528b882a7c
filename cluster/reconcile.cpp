#include "cluster/reconcile.hpp"

#include <algorithm>

namespace stoa {
namespace {

bool holds(const std::vector<ReplicaId>& ids, ReplicaId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// Whether the group can go on at once without that voter.
bool goes_on_without(ReplicaId gone, const Members& members, ReplicaId leader,
                     const std::function<bool(ReplicaId)>& caught_up) {
  size_t stay = 0, there = 0;
  for (const ReplicaId id : members.voters) {
    if (id == gone) continue;
    ++stay;
    if (id == leader || caught_up(id)) ++there;
  }
  return 2 * there > stay;
}

}  // namespace

ReconcileStep reconcile(const Members& members, const std::vector<ReplicaId>& wanted, ReplicaId leader,
                        const std::function<bool(ReplicaId)>& caught_up) {
  using Kind = MemberChange::Kind;
  ReconcileStep step;
  if (wanted.empty() || !members.voters_outgoing.empty()) return step;
  bool all_vote = true;
  for (const ReplicaId id : wanted) {
    if (holds(members.voters, id)) continue;
    all_vote = false;
    if (!holds(members.learners, id)) return step.change = MemberChange{Kind::kAddLearner, id}, step;
  }
  for (const ReplicaId id : members.learners) {
    if (!holds(wanted, id)) return step.change = MemberChange{Kind::kRemove, id}, step;
    if (caught_up(id)) return step.change = MemberChange{Kind::kAddVoter, id}, step;
  }
  if (!all_vote) return step;
  bool voters_go = false;
  for (const ReplicaId id : members.voters) {
    if (holds(wanted, id)) continue;
    voters_go = true;
    if (id == leader || !goes_on_without(id, members, leader, caught_up)) continue;
    return step.change = MemberChange{Kind::kRemove, id}, step;
  }
  if (!holds(wanted, leader)) {
    for (const ReplicaId id : wanted) {
      if (caught_up(id)) return step.hand_over_to = id, step;
    }
    return step;
  }
  step.settled = !voters_go;
  return step;
}

}  // namespace stoa
