#include "cluster/replica_boot.hpp"

#include <gtest/gtest.h>

#include "storage/memory_journal.hpp"

namespace stoa {
namespace {

constexpr GroupId kGroup{1, 2};

TEST(ReplicaBoot, AGroupIsBornBehindIndexOne) {
  MemoryJournal journal;
  ASSERT_TRUE(journal.append(ReplicaBoot::birth_records(kGroup, 5), true).ok());
  ReplicaBoot boot;
  boot.group = kGroup;
  boot.log = *journal.recover(kGroup).value();
  boot.check();
  EXPECT_EQ(boot.applied_position(), (Position{1, 1})) << "although the state holds nothing yet";
  EXPECT_EQ(boot.hard_state().commit, 1u);
}

TEST(ReplicaBoot, MendsAJournalThatDoesNotKnowOfAnInstalledSnapshot) {
  MemoryJournal journal;
  ASSERT_TRUE(journal.append({{kGroup, 5, Reset{0, 0}}, {kGroup, 5, HardState{3, 2, 0}}}, true).ok());
  ReplicaBoot boot;
  boot.group = kGroup;
  boot.log = *journal.recover(kGroup).value();
  boot.applied = {4, 90};
  EXPECT_DEATH(boot.check(), "does not reach the state");
  ASSERT_TRUE(journal.append(ReplicaBoot::reset_records(kGroup, boot.log, boot.applied), true).ok());
  boot.log = *journal.recover(kGroup).value();
  boot.check();
  EXPECT_EQ(boot.log.hard_state, (HardState{4, 0, 90})) << "a vote of an earlier term says nothing about this one";
}

TEST(ReplicaBoot, TheMendedJournalKeepsAVoteOfItsTerm) {
  GroupLog log;
  log.replica = 5;
  log.hard_state = {6, 2, 10};
  const auto records = ReplicaBoot::reset_records(kGroup, log, {4, 90});
  EXPECT_EQ(std::get<Reset>(records.at(0).body), (Reset{90, 4}));
  EXPECT_EQ(std::get<HardState>(records.at(1).body), (HardState{6, 2, 90}));
}

TEST(ReplicaBoot, ALoneReplicaKeepsNothingForOthersAndAFollowerDoes) {
  Members alone;
  alone.voters = {7};
  EXPECT_EQ(trimmable(5000, alone, 7, kKeptForOthers), 4999u);
  EXPECT_EQ(trimmable(0, alone, 7, kKeptForOthers), 0u);
  Members three = alone;
  three.voters = {7, 8, 9};
  EXPECT_EQ(trimmable(5000, three, 7, kKeptForOthers), 3000u);
  EXPECT_EQ(trimmable(1000, three, 7, kKeptForOthers), 0u);
  EXPECT_EQ(trimmable(1000, three, 7, 10), 990u);
  Members watched = alone;
  watched.learners = {8};
  EXPECT_EQ(trimmable(5000, watched, 7, kKeptForOthers), 3000u);
}

}  // namespace
}  // namespace stoa
