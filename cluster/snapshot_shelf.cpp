#include "cluster/snapshot_shelf.hpp"

#include "base/check.hpp"

namespace stoa {

SnapshotShelf::SnapshotShelf(SnapshotShelfPort& port, Executor& loop, Executor& worker)
    : port_(port), loop_(loop), worker_(worker) {}
SnapshotShelf::~SnapshotShelf() = default;

bool SnapshotShelf::satisfies(const SnapshotOffer& offer, const Wish& wish) const {
  return offer.at.index >= wish.at_least && offer.members.contains(wish.follower);
}

void SnapshotShelf::want(GroupId group, ReplicaId follower, Index at_least) {
  const bool new_wish = taking_.emplace(group, Taking{{follower, at_least}, nullptr}).second;
  if (new_wish) loop_.post([this, group] { begin(group); });
}

void SnapshotShelf::begin(GroupId group) {
  const Wish wish = taking_.at(group).wish;
  for (auto& [key, kept] : kept_) {
    if (key.first != group || !satisfies(kept.offer, wish)) continue;
    taking_.erase(group);
    kept.idle_ticks = 0;
    return port_.offer_snapshot(group, kept.offer);
  }
  if (!make_place()) {
    taking_.erase(group);  // the core asks again
    return;
  }
  port_.take_view(group, [this, group](std::unique_ptr<ShardView> view) {
    Taking& taking = taking_.at(group);
    Members members;
    const bool usable = view && view->mark() && Members::decode(view->mark()->members, members) &&
                        satisfies({{view->mark()->term, view->mark()->applied}, members, {}}, taking.wish);
    if (!usable) {
      taking_.erase(group);
      return;
    }
    taking.reader = std::make_unique<SnapshotReader>(group, std::move(view));
    measure(group);
  });
}

// Whatever nobody has read for the longest time goes.
bool SnapshotShelf::make_place() {
  if (kept_.size() < kMostKept) return true;
  auto idlest = kept_.end();
  for (auto at = kept_.begin(); at != kept_.end(); ++at) {
    if (at->second.holds > 0) continue;
    if (idlest == kept_.end() || at->second.idle_ticks > idlest->second.idle_ticks) idlest = at;
  }
  if (idlest == kept_.end()) return false;
  kept_.erase(idlest);
  return true;
}

void SnapshotShelf::measure(GroupId group) {
  worker_.post([this, group, reader = taking_.at(group).reader.get()] {
    const bool done = reader->measure(kMeasuredBytes);
    loop_.post([this, group, done] { done ? measured(group) : measure(group); });
  });
}

void SnapshotShelf::measured(GroupId group) {
  Taking taking = std::move(taking_.at(group));
  taking_.erase(group);
  const SnapshotManifest& manifest = taking.reader->manifest();
  Kept kept;
  kept.offer.at = {manifest.term, manifest.index};
  STOA_CHECK(Members::decode(manifest.members, kept.offer.members), "it did before");
  kept.offer.manifest = encode(manifest);
  kept.reader = std::move(taking.reader);
  for (auto at = kept_.begin(); at != kept_.end();) {  // the newest takes the place of those that nobody reads
    at = at->first.first == group && at->second.holds == 0 ? kept_.erase(at) : std::next(at);
  }
  const auto placed = kept_.emplace(std::pair(group, manifest.index), std::move(kept)).first;
  port_.offer_snapshot(group, placed->second.offer);
}

const SnapshotReader* SnapshotShelf::hold(GroupId group, Index index) {
  const auto found = kept_.find({group, index});
  if (found == kept_.end()) return nullptr;
  ++found->second.holds;
  return found->second.reader.get();
}

void SnapshotShelf::release(GroupId group, Index index) {
  Kept& kept = kept_.at({group, index});
  --kept.holds;
  kept.idle_ticks = 0;
}

Index SnapshotShelf::oldest_held(GroupId group) const {
  const auto first = kept_.lower_bound({group, 0});
  return first == kept_.end() || first->first.first != group ? 0 : first->first.second;
}

void SnapshotShelf::tick() {
  for (auto at = kept_.begin(); at != kept_.end();) {
    const bool old = at->second.holds == 0 && ++at->second.idle_ticks > kKeepTicks;
    at = old ? kept_.erase(at) : std::next(at);
  }
}

}  // namespace stoa
