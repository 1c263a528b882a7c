// Whether a group would be better led by another of its replicas, and by which. A pure function: the leader asks it.
#pragma once

#include <cstddef>
#include <vector>

#include "base/group.hpp"

namespace stoa {

// One that may lead, as far as the leader can tell.
struct LeadCandidate {
  ReplicaId id = 0;
  bool fit = false;      // it can be given the lead: connected, caught up, not about to stop. Of the leader: no matter
  bool has_room = true;  // its disk is not short of room: it need not refuse what clients ask to be written
  size_t reaches = 0;    // nodes it is connected to: a leader that misses one cannot ask the shards that are led there
};

struct LeadMove {
  ReplicaId to = 0;     // 0: leave it
  bool urgent = false;  // not for the sake of spreading leads: whoever leads now cannot serve all that the other could
};

// `candidates` in the order in which they should lead, the leader among them. What a node can do goes before the order,
// and a leader that is as good as any other gives the lead only to the first.
LeadMove better_lead(const std::vector<LeadCandidate>& candidates, ReplicaId leader);

}  // namespace stoa
