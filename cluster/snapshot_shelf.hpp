// The snapshots that this node holds for followers that lag behind: taken when the consensus core wishes for one, kept
// while somebody reads them, and a while after. A snapshot is offered only when its members name the follower.
// A plain class; all calls on its loop, none of the port's from inside a call of this. Reading goes to `worker`, a
// little at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "base/executor.hpp"
#include "cluster/replica_port.hpp"
#include "storage/snapshot_reader.hpp"

namespace stoa {

class SnapshotShelfPort {
 public:
  virtual ~SnapshotShelfPort() = default;
  // As ShardState::take_view(). nullptr: not now, or the shard has gone.
  virtual void take_view(GroupId group, std::function<void(std::unique_ptr<ShardView>)> on_view) = 0;
  // Replica::offer_snapshot().
  virtual void offer_snapshot(GroupId group, const SnapshotOffer& offer) = 0;
};

class SnapshotShelf {
 public:
  static constexpr size_t kMostKept = 8;             // on a node: each keeps its database from forgetting
  static constexpr int kKeepTicks = 600;             // that nobody reads: a minute
  static constexpr size_t kMeasuredBytes = 4 << 20;  // in one job of the worker

  // All outlive this, and this outlives their posts.
  SnapshotShelf(SnapshotShelfPort& port, Executor& loop, Executor& worker);
  ~SnapshotShelf();
  SnapshotShelf(const SnapshotShelf&) = delete;
  SnapshotShelf& operator=(const SnapshotShelf&) = delete;

  // ReplicaPort::snapshot_wanted(). Offers what is there and would do, or takes another. May be called from inside it.
  void want(GroupId group, ReplicaId follower, Index at_least);

  // The reader stays until release(). nullptr: it is not here, or not any more.
  const SnapshotReader* hold(GroupId group, Index index);
  void release(GroupId group, Index index);

  // Of the oldest snapshot that somebody reads: the log behind it should stay. 0: none.
  Index oldest_held(GroupId group) const;

  void tick();  // 100 ms
  size_t size() const { return kept_.size(); }

 private:
  struct Kept {
    std::unique_ptr<SnapshotReader> reader;
    SnapshotOffer offer;
    int holds = 0;
    int idle_ticks = 0;
  };
  struct Wish {
    ReplicaId follower;
    Index at_least;
  };
  struct Taking {
    Wish wish;
    std::unique_ptr<SnapshotReader> reader;  // while it is measured
  };

  void begin(GroupId group);
  bool make_place();
  void measure(GroupId group);
  void measured(GroupId group);
  bool satisfies(const SnapshotOffer& offer, const Wish& wish) const;

  SnapshotShelfPort& port_;
  Executor& loop_;
  Executor& worker_;
  std::map<std::pair<GroupId, Index>, Kept> kept_;
  std::map<GroupId, Taking> taking_;
};

}  // namespace stoa
