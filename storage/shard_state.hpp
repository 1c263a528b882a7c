// The applied state of one shard: layers of what was committed over what the database holds. Newest first: dirty,
// handed to the flusher, stored. Reads and scans merge them.
// Owned and used by one thread, that of `executor`. What it needs from the flusher arrives there as posts.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/executor.hpp"
#include "base/group.hpp"
#include "storage/database.hpp"
#include "storage/read_cache.hpp"
#include "storage/state_flusher.hpp"
#include "storage/table_heights.hpp"
#include "storage/view.hpp"
#include "storage/write_set.hpp"

namespace stoa {

class SnapshotInstall;

class ShardState final : public View {
 public:
  // Starts from what is durable for this replica; state under another replica id is wiped. `on_progress` may be empty;
  // it runs on the executor after durable_applied() has advanced or the flusher is no longer over its bound, never from
  // inside a call of this class, and never after its destruction. It may destroy this. All references outlive this.
  ShardState(Database& database, StateFlusher& flusher, GroupId group, ReplicaId replica, Executor& executor,
             std::function<void()> on_progress);
  // What is dirty and was not handed over is forgotten; what was handed over is still written.
  ~ShardState() override;
  ShardState(const ShardState&) = delete;
  ShardState& operator=(const ShardState&) = delete;

  // What a boot starts from: the durable mark. applied = 0: nothing was stored for this replica yet.
  const ShardMark& found() const { return found_; }

  // The writes of the committed entry at `index`, possibly none. REQUIRES that index rises and keys lie in the shard.
  void apply(Index index, Term term, const WriteSet& set);
  // Stored from the next apply() on, with its index.
  void set_members(std::string encoded) { next_members_ = std::move(encoded); }

  bool get(std::string_view key, std::string& value) const override;
  void scan(std::string_view from, std::string_view to, bool backwards, const Each& each) const override;

  Index applied() const { return applied_; }
  // Survives a crash. Entries up to here may be trimmed from the journal.
  Index durable_applied() const { return durable_; }
  size_t dirty_bytes() const;  // dirty or handed over, not yet written
  // Commands should wait: the node's dirty bytes exceed their bound.
  bool over_bound() const { return flusher_.over_bound(); }

  // Hands what is dirty to the flusher now. With durable, durable_applied() reaches the present applied() soon: for
  // trimming the journal, a snapshot, and before a clean stop.
  void hand_over(bool durable);

  // Makes what is applied durable and gives a view that holds it: the stored state of exactly the applied index that
  // the view's mark names, at least the present one. On the executor, later; not if this is destroyed before. REQUIRES
  // that none is under way.
  using OnView = std::function<void(std::unique_ptr<ShardView>)>;
  void take_view(OnView on_view);

  // Throws away what is dirty and has the flusher put a staged snapshot in the place of all that is stored. Until
  // `on_installed` runs on the executor nothing may be read or applied; then the state is the installed one, durable.
  // It may destroy this, and does not run if this is destroyed before.
  void install(std::unique_ptr<SnapshotInstall> install, std::function<void()> on_installed);
  bool installing() const { return installing_; }

 private:
  friend class StateFlusher;
  class ViewTask;
  class InstallTask;

  // Run on the executor, posted by the flusher.
  void hand_over_as_asked();
  void take_stock();
  void give_view();
  void come_back_installed();

  bool absent_below(std::string_view key) const;
  void apply_one(const StateWrite& write);
  void scan_over(const View& lower, size_t layer, std::string_view from, std::string_view to, bool backwards,
                 const Each& each) const;

  Database& database_;
  StateFlusher& flusher_;
  const GroupId group_;
  const ReplicaId replica_;
  const std::function<void()> on_progress_;
  ShardMark found_;
  Index applied_;
  Term term_;
  Index durable_;
  std::string members_;
  std::optional<std::string> next_members_;
  std::unique_ptr<StateLayer> dirty_;
  std::vector<StateWrite> taken_;              // of what is being applied; kept for its memory
  std::deque<const StateLayer*> handed_over_;  // oldest first; the flusher owns them until take_stock() forgets them
  mutable ReadCache cache_;
  mutable TableHeights heights_;
  FlusherSeat* seat_;
  OnView on_view_;
  bool installing_ = false;
  ShardMark installed_;  // of the install under way
  std::function<void()> on_installed_;
};

}  // namespace stoa
