#include "storage/shard_state.hpp"

#include "storage/key.hpp"
#include "tests/storage/database_kinds.hpp"
#include "tests/storage/steps.hpp"

namespace stoa {
namespace {

constexpr GroupId kGroup{3, 2};
constexpr ReplicaId kReplica = 11;

std::string key(std::string_view name, Table table = 1) { return table_prefix(kGroup.shard, table).append(name); }

template <class Kind>
class ShardStateOf : public ::testing::Test {
 protected:
  ShardStateOf() { boot(); }

  void boot(ReplicaId replica = kReplica) {
    flusher_ = std::make_unique<StateFlusher>(clock_, FlusherOptions{}, [this](const FlusherStep& s) { last_ = s; });
    state_ = std::make_unique<ShardState>(kind_.database(), *flusher_, kGroup, replica, executor_, nullptr);
  }
  void crash(ReplicaId replica = kReplica) {
    executor_.drop();
    state_.reset();
    flusher_.reset();
    kind_.crash(random_);
    boot(replica);
  }

  void put(std::string_view name, std::optional<std::string> value) {
    WriteSet set;
    set.put(key(name), value);
    state_->apply(state_->applied() + 1, 4, set);
  }
  std::string get(std::string_view name) const {
    std::string value;
    return state_->get(key(name), value) ? value : "-";
  }
  // To the database; with durable to the disk.
  void flush(bool durable) {
    state_->hand_over(durable);
    step();
  }
  void step() {
    ASSERT_TRUE(flusher_->step().ok());
    executor_.run();
  }
  std::string stored() { return scanned(kind_.database(), key(""), after_prefix(key(""))); }

  SeededRandom random_{1};
  Kind kind_;
  StandingClock clock_;
  QueueExecutor executor_;
  FlusherStep last_;
  std::unique_ptr<StateFlusher> flusher_;
  std::unique_ptr<ShardState> state_;
};
TYPED_TEST_SUITE(ShardStateOf, DatabaseKinds);

TYPED_TEST(ShardStateOf, ReadsItsOwnWritesInEveryLayer) {
  this->put("a", "1");
  EXPECT_EQ(this->get("a"), "1");
  this->state_->hand_over(false);
  EXPECT_EQ(this->get("a"), "1");
  this->put("b", "2");
  this->put("a", std::nullopt);
  EXPECT_EQ(this->get("a"), "-");
  EXPECT_EQ(scanned(*this->state_, key(""), key("z")), "b=2 ");
  this->step();
  EXPECT_EQ(this->get("a"), "-");
  this->flush(false);
  EXPECT_EQ(this->get("a"), "-");
  EXPECT_EQ(this->get("b"), "2");
  EXPECT_EQ(this->stored(), "b=2 ");
}

TYPED_TEST(ShardStateOf, WritesARecordThatChangedAThousandTimesOnce) {
  for (int i = 1; i <= 1000; ++i) this->put("stock", std::to_string(i));
  this->flush(false);
  EXPECT_EQ(this->last_.puts, 1u);
  EXPECT_EQ(this->stored(), "stock=1000 ");
}

TYPED_TEST(ShardStateOf, WritesNothingOfARecordBornAndDeletedInOneLayer) {
  this->put("reservation", "held");
  this->put("reservation", std::nullopt);
  EXPECT_EQ(this->get("reservation"), "-");
  this->flush(false);
  EXPECT_EQ(this->last_.puts, 0u);
  EXPECT_EQ(this->kind_.database().mark(kGroup.shard).value()->applied, 2u);
}

TYPED_TEST(ShardStateOf, KeepsTheTombstoneOfARecordThatLiesBelow) {
  this->put("a", "1");
  this->put("b", "1");
  this->flush(false);
  this->put("a", "2");
  this->put("a", std::nullopt);
  this->state_->hand_over(false);
  this->put("a", "3");
  this->put("a", std::nullopt);
  EXPECT_EQ(this->get("a"), "-");
  this->flush(false);
  EXPECT_EQ(this->get("a"), "-");
  EXPECT_EQ(this->stored(), "b=1 ");
}

TYPED_TEST(ShardStateOf, KeepsTheTombstoneOfARecordThatIsBeingFlushed) {
  this->put("a", "1");
  this->state_->hand_over(false);
  this->put("a", "2");
  this->put("a", std::nullopt);
  EXPECT_EQ(this->get("a"), "-");
  this->step();
  EXPECT_EQ(this->get("a"), "-");
  this->flush(false);
  EXPECT_EQ(this->stored(), "");
}

TYPED_TEST(ShardStateOf, IsDurableOnlyOnceItIsOnTheDisk) {
  this->put("a", "1");
  this->flush(false);
  EXPECT_EQ(this->state_->durable_applied(), 0u);
  this->put("a", "2");
  this->flush(true);
  EXPECT_EQ(this->state_->durable_applied(), 2u);
  this->put("a", "3");
  this->crash();
  EXPECT_EQ(this->state_->applied(), 2u);
  EXPECT_EQ(this->state_->durable_applied(), 2u);
  EXPECT_EQ(this->get("a"), "2");
}

TYPED_TEST(ShardStateOf, BecomesDurableOnRequestAlsoWhenAllIsWritten) {
  this->put("a", "1");
  this->flush(false);
  this->flush(true);
  EXPECT_EQ(this->state_->durable_applied(), 1u);
}

TYPED_TEST(ShardStateOf, TakesAnEntryWithoutWritesAsProgress) {
  this->state_->apply(7, 2, {});
  this->flush(true);
  EXPECT_EQ(this->state_->durable_applied(), 7u);
  EXPECT_EQ(this->kind_.database().mark(kGroup.shard).value(), (ShardMark{kReplica, 7, 2, ""}));
}

TYPED_TEST(ShardStateOf, StoresMembersWithTheEntryThatChangedThem) {
  this->state_->set_members("one");
  this->put("a", "1");
  this->state_->set_members("two");
  this->flush(true);
  this->crash();
  EXPECT_EQ(this->state_->found(), (ShardMark{kReplica, 1, 4, "one"}));
  this->state_->set_members("two");
  this->put("a", "2");
  this->flush(true);
  this->crash();
  EXPECT_EQ(this->state_->found(), (ShardMark{kReplica, 2, 4, "two"}));
}

TYPED_TEST(ShardStateOf, WipesWhatAnotherReplicaLeft) {
  this->put("a", "1");
  this->flush(true);
  this->crash(kReplica + 1);
  EXPECT_EQ(this->state_->found(), (ShardMark{kReplica + 1, 0, 0, ""}));
  EXPECT_EQ(this->get("a"), "-");
  EXPECT_EQ(this->stored(), "");
}

TYPED_TEST(ShardStateOf, FindsOnlyWhatIsDurableWhenItComesBackInTheSameProcess) {
  this->put("a", "1");
  this->flush(false);
  this->put("a", "2");
  this->state_->hand_over(false);
  this->state_.reset();
  this->state_ =
      std::make_unique<ShardState>(this->kind_.database(), *this->flusher_, kGroup, kReplica, this->executor_, nullptr);
  const Index found = this->state_->found().applied;
  EXPECT_EQ(this->get("a"), std::to_string(found));
  this->crash();
  EXPECT_EQ(this->state_->found().applied, found);
}

TYPED_TEST(ShardStateOf, SeesEveryChangeOfARecordThatIsReadOften) {
  this->put("hot", "1");
  this->flush(false);
  EXPECT_EQ(this->get("hot"), "1");
  EXPECT_EQ(this->get("hot"), "1");
  this->put("hot", "2");
  EXPECT_EQ(this->get("hot"), "2");
  this->flush(false);
  EXPECT_EQ(this->get("hot"), "2");
  this->put("hot", std::nullopt);
  EXPECT_EQ(this->get("hot"), "-");
  this->flush(false);
  EXPECT_EQ(this->get("hot"), "-");
}

TYPED_TEST(ShardStateOf, RefusesWritesOutsideItsRange) {
  WriteSet foreign, mark;
  foreign.put(table_prefix(kGroup.shard + 1, 1) + "a", "1");
  mark.put(table_prefix(kGroup.shard, 0), "1");
  EXPECT_DEATH(this->state_->apply(1, 1, foreign), "in its shard");
  EXPECT_DEATH(this->state_->apply(1, 1, mark), "in its shard");
}

TYPED_TEST(ShardStateOf, RefusesAnEntryTwice) {
  this->put("a", "1");
  EXPECT_DEATH(this->state_->apply(1, 4, {}), "each once");
}

}  // namespace
}  // namespace stoa
