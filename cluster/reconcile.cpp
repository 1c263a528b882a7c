#include "cluster/reconcile.hpp"

#include <algorithm>

namespace stoa {
namespace {

bool holds(const std::vector<ReplicaId>& ids, ReplicaId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
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
  for (const ReplicaId id : members.voters) {
    if (holds(wanted, id) || id == leader) continue;
    return step.change = MemberChange{Kind::kRemove, id}, step;
  }
  if (!holds(wanted, leader)) {
    for (const ReplicaId id : wanted) {
      if (caught_up(id)) return step.hand_over_to = id, step;
    }
    return step;
  }
  step.settled = true;
  return step;
}

}  // namespace stoa
