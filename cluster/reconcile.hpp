// The next step that brings the members of a group to where the directory wants them. A pure function: the leader of
// each group asks it again and again, and takes one step at a time.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/group.hpp"
#include "cluster/members.hpp"

namespace stoa {

struct ReconcileStep {
  std::optional<MemberChange> change;
  ReplicaId hand_over_to = 0;  // the leader itself is to go: another must lead first
  bool settled = false;        // the members are those wanted, and nobody else
};

// `caught_up`: whether a member has nearly all of the log and can be reached. Never takes a voter away before all that
// are wanted vote, so that a group is at no moment smaller than both what it was and what it will be; nor before a
// majority of those that stay has caught up: with one of them down, or lost, the group would stand still without it.
ReconcileStep reconcile(const Members& members, const std::vector<ReplicaId>& wanted, ReplicaId leader,
                        const std::function<bool(ReplicaId)>& caught_up);

}  // namespace stoa
