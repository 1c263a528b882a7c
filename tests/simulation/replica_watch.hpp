// Watches the replicas of one simulated node: the services' invariants over what has changed, after every step, and
// that replicas of a shard hold the same records at the same applied index (contract: I7).
//
// The records of a replica are folded into one number, kept up to date with each entry that is applied. It is computed
// anew from the records themselves at a boot, after a snapshot and at the end, so that what a disk or a snapshot
// changed is seen too.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "actors/runtime/shard_host.hpp"
#include "tests/simulation/findings.hpp"

namespace stoa::whole {

// What the replicas of each shard hold at each index, over all nodes and all their lives.
class ReplicaHistory {
 public:
  explicit ReplicaHistory(Findings& findings) : findings_(findings) {}
  void holds(const std::string& node, GroupId group, Index at, uint64_t records);
  // A replica that had applied something had stayed so far behind that it got a snapshot.
  void note_catching_up() { ++caught_up_by_copy_; }
  uint64_t caught_up_by_copy() const { return caught_up_by_copy_; }

 private:
  Findings& findings_;
  uint64_t caught_up_by_copy_ = 0;
  std::map<GroupId, std::map<Index, std::pair<uint64_t, std::string>>> seen_;
};

class ReplicaWatch {
 public:
  // All outlive it.
  ReplicaWatch(std::string node, const Clock& clock, ReplicaHistory& history, Findings& findings)
      : node_(std::move(node)), clock_(clock), history_(history), findings_(findings) {}

  // As ShardHost's hooks of these names.
  void opened(HostedShard& hosted);
  void applying(GroupId group, const WriteSet& writes);
  // What has changed since the last look. `each(group, applied, records)` for every replica that moved.
  void look(ShardHost& host, const std::function<void(GroupId, Index, uint64_t)>& each);
  // Everything, from the records themselves.
  void look_at_all(ShardHost& host);

 private:
  struct Watched {
    HostedShard* hosted = nullptr;
    uint64_t records = 0;
    Index seen = 0;
    bool stale = false;      // a snapshot is taking the records' place
    std::vector<Uuid> from;  // for each invariant: where the next check begins
  };
  void lower(Watched& watched, const WriteSet& writes) const;
  void read_anew(Watched& watched);
  void installed(Watched& watched);
  void check(Watched& watched);

  const std::string node_;
  const Clock& clock_;
  ReplicaHistory& history_;
  Findings& findings_;
  std::map<GroupId, Watched> watched_;
};

}  // namespace stoa::whole
