// ShardState: the state as a snapshot, taken and put in its place, both in the flusher's queue.
#include <utility>

#include "base/check.hpp"
#include "storage/flusher_seat.hpp"
#include "storage/shard_state.hpp"
#include "storage/snapshot_install.hpp"

namespace stoa {
namespace {

constexpr int kChunksInStep = 8;  // 2 MiB

}  // namespace

class ShardState::ViewTask final : public FlusherTask {
 public:
  ViewTask(StateFlusher& flusher, FlusherSeat& seat) : flusher_(flusher), seat_(seat) { ++seat_.posts; }
  ~ViewTask() override { --seat_.posts; }

  Result<bool> step() override {
    auto view = seat_.database->view(seat_.group.shard);
    if (!view) return view.error();
    const std::lock_guard<std::mutex> lock(flusher_.mutex_);
    if (!seat_.left) seat_.view = std::move(*view);
    flusher_.post(seat_, &ShardState::give_view);
    return true;
  }

 private:
  StateFlusher& flusher_;
  FlusherSeat& seat_;
};

class ShardState::InstallTask final : public FlusherTask {
 public:
  InstallTask(StateFlusher& flusher, FlusherSeat& seat, std::unique_ptr<SnapshotInstall> install)
      : flusher_(flusher), seat_(seat), install_(std::move(install)) {
    ++seat_.posts;
  }
  ~InstallTask() override { --seat_.posts; }

  // Cut off when the shard's state has gone: its marker says to whom that matters.
  Result<bool> step() override {
    for (int i = 0; i < kChunksInStep; ++i) {
      {
        const std::lock_guard<std::mutex> lock(flusher_.mutex_);
        if (seat_.left) return true;
      }
      const Result<bool> done = install_->step();
      if (!done) return done.error();
      if (*done) return finish();
    }
    return false;
  }

 private:
  Result<bool> finish() {
    const std::lock_guard<std::mutex> lock(flusher_.mutex_);
    seat_.written_applied = install_->mark().applied;
    seat_.durable = install_->mark().applied;
    flusher_.post(seat_, &ShardState::come_back_installed);
    return true;
  }

  StateFlusher& flusher_;
  FlusherSeat& seat_;
  const std::unique_ptr<SnapshotInstall> install_;
};

void ShardState::take_view(OnView on_view) {
  STOA_CHECK(!on_view_ && !installing_, "one view at a time, and none of a state that is being replaced");
  on_view_ = std::move(on_view);
  hand_over(true);
  flusher_.submit(std::make_unique<ViewTask>(flusher_, *seat_));
}

void ShardState::give_view() {
  std::unique_ptr<ShardView> view;
  {
    const std::lock_guard<std::mutex> lock(flusher_.mutex_);
    view = std::move(seat_->view);
  }
  const OnView give = std::exchange(on_view_, nullptr);
  give(std::move(view));
}

// What was handed over is written before the install and goes with the rest: it is older, and harmless.
void ShardState::install(std::unique_ptr<SnapshotInstall> install, std::function<void()> on_installed) {
  STOA_CHECK(!installing_ && install->mark().replica == replica_, "one install at a time, for this replica");
  installing_ = true;
  installed_ = install->mark();
  on_installed_ = std::move(on_installed);
  flusher_.add_dirty(seat_, -static_cast<int64_t>(dirty_->set.bytes()));
  dirty_ = std::make_unique<StateLayer>();
  seat_->dirty_since_ns = 0;
  next_members_.reset();
  cache_.clear();
  flusher_.submit(std::make_unique<InstallTask>(flusher_, *seat_, std::move(install)));
}

// The last thing it does is to tell the owner, who may destroy this.
void ShardState::come_back_installed() {
  STOA_CHECK(handed_over_.empty() && dirty_->first_write_ns == 0, "nothing is applied during an install");
  cache_.clear();
  heights_.forget();
  found_ = installed_;
  applied_ = installed_.applied;
  term_ = installed_.term;
  members_ = installed_.members;
  durable_ = seat_->durable;
  installing_ = false;
  const std::function<void()> tell = std::exchange(on_installed_, nullptr);
  tell();
}

}  // namespace stoa
