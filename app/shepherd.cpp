#include "app/shepherd.hpp"

#include "base/log.hpp"
#include "cluster/lead_choice.hpp"
#include "cluster/reconcile.hpp"

namespace stoa {
namespace {

constexpr int64_t kStepEveryMs = 200;
constexpr int64_t kTransferEveryMs = 500;  // of one node: a lead that changes hands costs its callers a moment
constexpr int64_t kLedAtLeastMs = 3000;    // before the lead is offered to the preferred node
constexpr Index kNearlyAll = 64;           // entries that may still be on their way

// Empty: the directory knows none of this id now.
std::string node_of(const DirectoryGroup& group, ReplicaId id) {
  for (const auto* replicas : {&group.replicas, &group.leaving}) {
    for (const DirectoryReplica& replica : *replicas) {
      if (replica.id == id) return replica.node;
    }
  }
  return {};
}

}  // namespace

void Shepherd::tick(const Directory& directory) {
  const Time now = clock_.now();
  for (const auto& hosted : host_.shards()) {
    const GroupId id = hosted->group;
    if (!hosted->shard->leads()) {
      led_.erase(id);
      continue;
    }
    Led& led = led_.try_emplace(id, Led{now, now}).first->second;
    if (now < led.next) continue;
    led.next = after(now, kStepEveryMs);
    if (const DirectoryGroup* const group = directory.group(id)) tend(*hosted, *group, led);
  }
}

bool Shepherd::caught_up(const Shard& shard, ReplicaId id) const {
  CoreProgress at{};
  return shard.replica().progress(id, at) && at.active != 0 && at.matched + kNearlyAll >= shard.replica().last_index();
}

void Shepherd::tend(HostedShard& hosted, const DirectoryGroup& group, Led& led) {
  Shard& shard = *hosted.shard;
  std::vector<ReplicaId> wanted;
  for (const DirectoryReplica& replica : group.replicas) wanted.push_back(replica.id);
  const ReconcileStep step = reconcile(shard.replica().members(), wanted, shard.replica().id(), [&](ReplicaId id) {
    return caught_up(shard, id) && mesh_.up(node_of(group, id));
  });
  if (step.change) {
    if (shard.change_members(*step.change)) {
      static constexpr const char* kWhat[] = {"adds a voter", "removes", "adds a learner"};
      log_info("a group changes its members", {{"shard", hosted.probe->name},
                                               {"step", kWhat[static_cast<size_t>(step.change->kind)]},
                                               {"replica", std::to_string(step.change->id)},
                                               {"node", node_of(group, step.change->id)},
                                               {"reason", group.reason}});
    }
  } else if (step.hand_over_to != 0) {
    shard.transfer_lead(step.hand_over_to);
  } else if (step.settled) {
    if (!group.settled && shard.replica().members_known())
      settled_(group);
    else if (!group.settled)
      shard.propose_nothing();
    prefer(hosted, group, led);
  }
}

void Shepherd::prefer(HostedShard& hosted, const DirectoryGroup& group, const Led& led) {
  if (!status_.steady()) return;
  Shard& shard = *hosted.shard;
  std::vector<LeadCandidate> candidates;
  for (const DirectoryReplica& one : group.replicas) {
    const bool fit = mesh_.up(one.node) && !status_.stopping(one.node) && caught_up(shard, one.id);
    candidates.push_back({one.id, fit, status_.has_room(one.node), status_.reaches(one.node)});
  }
  const LeadMove move = better_lead(candidates, shard.replica().id());
  if (move.to == 0) return;
  const Time now = clock_.now();
  if (!move.urgent) {
    if (now < next_transfer_ || now < after(led.since, kLedAtLeastMs)) return;
    next_transfer_ = after(now, kTransferEveryMs);
  }
  shard.transfer_lead(move.to);
}

}  // namespace stoa
