#include <gtest/gtest.h>

#include "storage/memory_disk.hpp"
#include "storage/shard_state.hpp"
#include "storage/snapshot_install.hpp"
#include "tests/storage/snapshot_script.hpp"
#include "tests/storage/steps.hpp"

namespace stoa {
namespace {

constexpr ReplicaId kReplica = 9;

template <class Kind>
class ShardStateSnapshotOf : public ::testing::Test {
 protected:
  ShardStateSnapshotOf() { boot(); }

  void boot() {
    state_.reset();
    flusher_ = std::make_unique<StateFlusher>(clock_);
    state_ = std::make_unique<ShardState>(kind_.database(), *flusher_, kSnapshotGroup, kReplica, executor_, nullptr);
  }
  void crash() {
    executor_.drop();
    state_.reset();
    flusher_.reset();
    kind_.crash(random_);
    boot();
  }
  void put(size_t number, std::string value) {
    WriteSet set;
    set.put(snapshot_key(number), value);
    state_->apply(state_->applied() + 1, 4, set);
  }
  std::string read(size_t number) {
    std::string value;
    return state_->get(snapshot_key(number), value) ? value : "-";
  }
  void step() {
    ASSERT_TRUE(flusher_->step().ok());
    executor_.run();
  }
  void stage_snapshot(size_t records) {
    fill_shard(source_, records, 300);
    ASSERT_TRUE(stage(measured(source_), disk_, kReplica).ok());
  }
  void begin_install(std::function<void()> on_installed) {
    auto staged = StagedSnapshot::open(disk_, staging_name(kSnapshotGroup, kReplica, 100)).value();
    state_->install(std::make_unique<SnapshotInstall>(kind_.database(), std::move(*staged)), std::move(on_installed));
  }

  Kind kind_;
  SeededRandom random_{1};
  StandingClock clock_;
  QueueExecutor executor_;
  MemoryDatabase source_;
  MemoryDisk disk_;
  std::unique_ptr<StateFlusher> flusher_;
  std::unique_ptr<ShardState> state_;
};
TYPED_TEST_SUITE(ShardStateSnapshotOf, DatabaseKinds);

TYPED_TEST(ShardStateSnapshotOf, AViewHoldsWhatWasAppliedWhenItWasAskedFor) {
  this->put(1, "old");
  std::unique_ptr<ShardView> view;
  this->state_->take_view([&](std::unique_ptr<ShardView> taken) { view = std::move(taken); });
  this->put(1, "new");
  EXPECT_EQ(view, nullptr);
  this->step();
  ASSERT_NE(view, nullptr);
  EXPECT_EQ(view->mark()->applied, 1u);
  EXPECT_EQ(this->state_->durable_applied(), 1u);
  this->state_->hand_over(true);
  this->step();
  std::string value;
  EXPECT_TRUE(view->get(snapshot_key(1), value));
  EXPECT_EQ(value, "old");
  EXPECT_EQ(this->read(1), "new");
}

TYPED_TEST(ShardStateSnapshotOf, MarkAndRecordsOfAViewAreOfOneIndex) {
  for (size_t i = 1; i <= 40; ++i) {
    this->put(1, std::to_string(i));
    if (this->random_.below(3) == 0) this->state_->hand_over(false);
    std::unique_ptr<ShardView> view;
    this->state_->take_view([&](std::unique_ptr<ShardView> taken) { view = std::move(taken); });
    this->put(1, std::to_string(++i));
    if (this->random_.below(2) == 0) this->state_->hand_over(false);
    this->step();
    std::string value;
    ASSERT_TRUE(view->get(snapshot_key(1), value));
    EXPECT_EQ(value, std::to_string(view->mark()->applied));
    EXPECT_GE(view->mark()->applied, i - 1);
  }
}

TYPED_TEST(ShardStateSnapshotOf, AViewNobodyWaitsForGoesWithTheState) {
  this->put(1, "x");
  this->state_->take_view([](std::unique_ptr<ShardView>) { FAIL() << "its owner has gone"; });
  this->state_.reset();
  this->step();
  this->step();
  this->boot();
}

TYPED_TEST(ShardStateSnapshotOf, AnInstallReplacesAllLayersAndWhatIsStored) {
  this->stage_snapshot(10'000);
  this->put(0, "stored");
  this->state_->hand_over(true);
  this->step();
  EXPECT_EQ(this->read(0), "stored");  // in the cache now
  this->put(20'000, "handed over");
  this->state_->hand_over(false);
  this->put(20'001, "dirty");
  bool installed = false;
  this->begin_install([&] { installed = true; });
  EXPECT_TRUE(this->state_->installing());
  int steps = 0;
  for (; !installed; ++steps) this->step();
  EXPECT_GE(steps, 2) << "others may write in between";
  EXPECT_FALSE(this->state_->installing());
  EXPECT_EQ(this->state_->applied(), 100u);
  EXPECT_EQ(this->state_->durable_applied(), 100u);
  EXPECT_EQ(this->state_->dirty_bytes(), 0u);
  EXPECT_EQ(this->flusher_->dirty_bytes(), 0u);
  EXPECT_TRUE(shard_content(*this->state_) == shard_content(this->source_));
  EXPECT_EQ(this->read(20'001), "-");
}

TYPED_TEST(ShardStateSnapshotOf, GoesOnFromTheInstalledState) {
  this->stage_snapshot(5000);
  bool installed = false;
  this->begin_install([&] { installed = true; });
  while (!installed) this->step();
  this->put(6000, "after");
  EXPECT_EQ(this->state_->applied(), 101u);
  this->state_->hand_over(true);
  this->step();
  this->crash();
  EXPECT_EQ(this->state_->found(), (ShardMark{kReplica, 101, 4, "members"}));
  EXPECT_EQ(this->read(6000), "after");
  std::string value;
  EXPECT_TRUE(this->source_.get(snapshot_key(17), value));
  EXPECT_EQ(this->read(17), value);
}

TYPED_TEST(ShardStateSnapshotOf, OtherShardsAreWrittenMeanwhile) {
  this->stage_snapshot(20'000);
  ShardState other(this->kind_.database(), *this->flusher_, {3, 7}, kReplica, this->executor_, nullptr);
  bool installed = false;
  this->begin_install([&] { installed = true; });
  this->step();
  WriteSet set;
  set.put(table_prefix(7, 1) + "a", "1");
  other.apply(1, 1, set);
  other.hand_over(true);
  this->step();
  EXPECT_FALSE(installed);
  EXPECT_EQ(other.durable_applied(), 1u);
  while (!installed) this->step();
}

TYPED_TEST(ShardStateSnapshotOf, AnInstallEndsWithItsState) {
  this->stage_snapshot(20'000);
  this->begin_install([] { FAIL() << "its owner has gone"; });
  this->step();
  this->state_.reset();
  this->step();
  this->step();
  this->boot();
  EXPECT_EQ(this->kind_.database().install_marker(kSnapshotGroup.shard).value(), "");
  EXPECT_EQ(this->state_->applied(), 0u);
  EXPECT_EQ(shard_content(*this->state_), "");
}

TYPED_TEST(ShardStateSnapshotOf, RefusesEntriesDuringAnInstall) {
  this->stage_snapshot(100);
  this->begin_install([] {});
  EXPECT_DEATH(this->put(1, "x"), "in order");
}

}  // namespace
}  // namespace stoa
