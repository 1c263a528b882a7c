#include "storage/state_wipe.hpp"

#include "storage/key.hpp"
#include "storage/shard_state.hpp"
#include "tests/storage/database_kinds.hpp"
#include "tests/storage/steps.hpp"

namespace stoa {
namespace {

constexpr GroupId kGroup{3, 2};
constexpr GroupId kNeighbour{3, 3};

template <class Kind>
class StateWipeOf : public ::testing::Test {
 protected:
  std::unique_ptr<ShardState> open(GroupId group, ReplicaId replica) {
    return std::make_unique<ShardState>(kind_.database(), flusher_, group, replica, executor_, nullptr);
  }
  static void put(ShardState& state, GroupId group) {
    WriteSet set;
    set.put(table_prefix(group.shard, 1) + "key", "value");
    state.apply(state.applied() + 1, 4, set);
    state.hand_over(false);
  }
  void wipe(ReplicaId replica) {
    flusher_.submit(std::make_unique<StateWipe>(kind_.database(), kGroup, replica));
    ASSERT_TRUE(flusher_.step().ok());
    executor_.run();
  }
  size_t stored(GroupId group) {
    size_t count = 0;
    const std::string from = table_prefix(group.shard, 1);
    kind_.database().scan(from, after_prefix(from), false,
                          [&](std::string_view, std::string_view) { return ++count, true; });
    return count;
  }

  Kind kind_;
  StandingClock clock_;
  QueueExecutor executor_;
  StateFlusher flusher_{clock_};
};
TYPED_TEST_SUITE(StateWipeOf, DatabaseKinds);

TYPED_TEST(StateWipeOf, WhatAClosedReplicaHandedOverIsGoneAndItsNeighboursStays) {
  auto closed = this->open(kGroup, 11);
  auto neighbour = this->open(kNeighbour, 12);
  this->put(*closed, kGroup);
  this->put(*neighbour, kNeighbour);
  closed.reset();
  this->wipe(11);
  EXPECT_EQ(this->stored(kGroup), 0u);
  EXPECT_FALSE(this->kind_.database().mark(kGroup.shard).value().has_value());
  EXPECT_EQ(this->stored(kNeighbour), 1u);
}

TYPED_TEST(StateWipeOf, WhatTheNextReplicaStoredStays) {
  auto closed = this->open(kGroup, 11);
  this->put(*closed, kGroup);
  closed.reset();
  auto next = this->open(kGroup, 21);
  this->put(*next, kGroup);
  this->wipe(11);
  EXPECT_EQ(this->stored(kGroup), 1u);
  EXPECT_EQ(this->kind_.database().mark(kGroup.shard).value()->replica, 21u);
}

}  // namespace
}  // namespace stoa
