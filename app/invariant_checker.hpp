// Checks the services' invariants over the shards hosted here, one shard at a time, so that every shard is looked at
// again within ten seconds. Only what has changed since is read, where others lead too, so a shard may keep as much as
// it likes; a state that came as a whole, by a boot or a snapshot, is looked at as a whole. On the loop; the findings
// may be read from any thread.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "actors/runtime/shard_host.hpp"
#include "base/clock.hpp"
#include "base/record.hpp"

namespace stoa {

struct InvariantFinding {
  std::string id;
  int64_t violations = 0;
  Time checked_at;                   // when the shard that was looked at longest ago was
  std::vector<std::string> details;  // one sentence for each
};
template <class V>
void fields(V& v, InvariantFinding& x) {
  v(1, "id", x.id);
  v(2, "violations", x.violations);
  v(3, "checked_at", x.checked_at);
  v(4, "details", x.details);
}

struct InvariantReport {
  bool ok = true;
  std::vector<InvariantFinding> invariants;
};
template <class V>
void fields(V& v, InvariantReport& x) {
  v(1, "ok", x.ok);
  v(2, "invariants", x.invariants);
}

class InvariantChecker {
 public:
  // Both outlive the checker.
  InvariantChecker(const ShardHost& host, const Clock& clock);

  // What a shard is about to apply: to be looked at. Called for each entry, in their order.
  void applying(GroupId group, const WriteSet& writes);
  // Looks at the next shards, so many that all come round within ten seconds at ten calls a second.
  void step();
  InvariantReport report() const;
  // Violations found so far, by invariant; a violation that stays counts once.
  std::map<std::string, uint64_t> totals() const;

 private:
  void check(size_t at);

  const ShardHost& host_;
  const Clock& clock_;
  size_t next_ = 0;
  struct Watched {
    const Service* service = nullptr;
    Index checked_at = 0;               // the applied index it was last checked at
    std::pair<ReplicaId, Index> began;  // whose state it is, and with what it began: a boot or a snapshot
    std::vector<Uuid> from;             // for each invariant of its service: where the next check begins
  };
  std::map<GroupId, Watched> watched_;  // every shard that was checked

  struct Finding {
    std::vector<std::string> violations;
    Time at;
  };
  mutable std::mutex mutex_;                                     // guards all below
  std::map<std::pair<std::string, GroupId>, Finding> findings_;  // by invariant and shard
  std::map<std::string, std::set<std::string>> seen_;
};

}  // namespace stoa
