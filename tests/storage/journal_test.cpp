// What every kind of journal promises.
#include "storage/journal.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "tests/storage/journal_kinds.hpp"
#include "tests/storage/journal_script.hpp"

namespace stoa {
namespace {

constexpr GroupId kGroup{1, 2};
constexpr GroupId kOther{3, 0};
constexpr ReplicaId kReplica = 11;

JournalRecord reset(GroupId group = kGroup, Index index = 1, ReplicaId replica = kReplica) {
  return {group, replica, Reset{index, 1}};
}
JournalRecord entries(Index first, Index last, Term term = 1, GroupId group = kGroup, ReplicaId replica = kReplica) {
  Entries body;
  for (Index i = first; i <= last; ++i) body.entries.push_back({i, term, 0, "data of " + std::to_string(i)});
  return {group, replica, body};
}
JournalRecord state(Term term, uint64_t vote, Index commit, ReplicaId replica = kReplica) {
  return {kGroup, replica, HardState{term, vote, commit}};
}

template <class Kind>
struct JournalTest : testing::Test {
  Kind kind;
  Journal* journal = kind.open().value();
  SeededRandom random{1};

  void append(const std::vector<JournalRecord>& turn, bool sync = true) {
    const auto done = journal->append(turn, sync);
    ASSERT_TRUE(done.ok()) << done.error().what;
  }
  void crash() {
    kind.crash(random);
    journal = kind.open().value();
  }
  GroupLog log(GroupId group = kGroup) { return **journal->recover(group); }
};

using Kinds = testing::Types<MemoryKind, FileKind>;
TYPED_TEST_SUITE(JournalTest, Kinds);

TYPED_TEST(JournalTest, KeepsEveryTurnThatWasSynced) {
  this->append({reset(), entries(2, 4), state(1, kReplica, 3)});
  this->crash();
  const GroupLog log = this->log();
  EXPECT_EQ(log.replica, kReplica);
  EXPECT_EQ(log.reset, (Reset{1, 1}));
  EXPECT_EQ(log.hard_state, (HardState{1, kReplica, 3}));
  EXPECT_EQ(log.entries, std::get<Entries>(entries(2, 4).body).entries);
  EXPECT_EQ(log.last_index(), 4u);
}

TYPED_TEST(JournalTest, KnowsNoGroupThatHasNoReset) {
  EXPECT_TRUE(this->journal->groups().empty());
  EXPECT_FALSE(this->journal->recover(kGroup).value().has_value());
  this->append({reset(kOther)});
  EXPECT_EQ(this->journal->groups(), std::vector<GroupId>{kOther});
  EXPECT_FALSE(this->journal->recover(kGroup).value().has_value());
}

TYPED_TEST(JournalTest, ReplacesTheTailFromTheFirstIndexOn) {
  this->append({reset(), entries(2, 9)});
  this->append({entries(5, 6, 2)});
  this->crash();
  const GroupLog log = this->log();
  EXPECT_EQ(log.last_index(), 6u);
  EXPECT_EQ(log.entries[2].term, 1u);
  EXPECT_EQ(log.entries[3].term, 2u);
}

TYPED_TEST(JournalTest, AResetUnderTheSameIdEmptiesTheLogAndKeepsTheVote) {
  this->append({reset(), entries(2, 9), state(4, 12, 9)});
  this->append({reset(kGroup, 20)});
  this->crash();
  EXPECT_EQ(this->log().reset, (Reset{20, 1}));
  EXPECT_TRUE(this->log().entries.empty());
  EXPECT_EQ(this->log().hard_state, (HardState{4, 12, 9}));
}

TYPED_TEST(JournalTest, AResetUnderANewIdStartsFromNothingAndOldRecordsAreIgnored) {
  this->append({reset(), entries(2, 9), state(4, 12, 9)});
  this->append({reset(kGroup, 1, 77), entries(2, 2, 1, kGroup, 77)});
  this->append({entries(3, 3), state(9, 9, 9)});
  this->crash();
  EXPECT_EQ(this->log().replica, 77u);
  EXPECT_EQ(this->log().hard_state, HardState{});
  EXPECT_EQ(this->log().last_index(), 2u);
}

TYPED_TEST(JournalTest, ForgetsAGroupThatWasRemoved) {
  this->append({reset(), entries(2, 9), reset(kOther)});
  this->append({reset(kGroup, 0, 0)});
  this->crash();
  EXPECT_EQ(this->journal->groups(), std::vector<GroupId>{kOther});
}

TYPED_TEST(JournalTest, ReadsARangeUpToSoManyBytes) {
  this->append({reset(), entries(2, 50)});
  this->append({entries(51, 100)});
  const auto all = this->journal->read(kGroup, 40, 61, SIZE_MAX).value();
  ASSERT_EQ(all.size(), 21u);
  EXPECT_EQ(all.front().index, 40u);
  EXPECT_EQ(all.back().data, "data of 60");
  EXPECT_EQ(this->journal->read(kGroup, 40, 61, 25).value().size(), 2u);
  EXPECT_EQ(this->journal->read(kGroup, 40, 61, 0).value().size(), 1u) << "at least one, however large";
  EXPECT_TRUE(this->journal->read(kGroup, 40, 40, 100).value().empty());
}

TYPED_TEST(JournalTest, RefusesToReadWhatIsNotThere) {
  EXPECT_FALSE(this->journal->read(kGroup, 1, 2, 100).ok());
  this->append({reset(), entries(2, 5)});
  EXPECT_FALSE(this->journal->read(kGroup, 1, 3, 100).ok());
  EXPECT_FALSE(this->journal->read(kGroup, 4, 7, 100).ok());
  this->journal->trim(kGroup, 3);
  EXPECT_FALSE(this->journal->read(kGroup, 3, 5, 100).ok());
  EXPECT_TRUE(this->journal->read(kGroup, 4, 6, 100).ok());
}

TYPED_TEST(JournalTest, ATrimmedLogBeginsBehindWhatWasTrimmed) {
  this->append({reset(), entries(2, 5, 1), entries(6, 9, 3)});
  this->journal->trim(kGroup, 6);
  EXPECT_EQ(this->log().reset, (Reset{6, 3}));
  EXPECT_EQ(this->log().entries.front().index, 7u);
  this->journal->trim(kGroup, 4);
  EXPECT_EQ(this->log().reset.index, 6u);
  this->journal->trim(kGroup, 1000);
  EXPECT_EQ(this->log().reset, (Reset{9, 3}));
  EXPECT_TRUE(this->log().entries.empty());
  this->journal->trim(kOther, 5);
  this->append({entries(10, 11, 3)});
  EXPECT_EQ(this->log().last_index(), 11u);
}

TYPED_TEST(JournalTest, ATrimOfAnOldLogDoesNotTouchItsSuccessor) {
  this->append({reset(), entries(2, 50)});
  this->journal->trim(kGroup, 50);
  this->append({reset(kGroup, 1, 77), entries(2, 9, 1, kGroup, 77)});
  this->crash();
  EXPECT_EQ(this->log().reset.index, 1u);
  EXPECT_EQ(this->log().entries.size(), 8u);
}

TYPED_TEST(JournalTest, UnsyncedTurnsAreSeenAndMayBeLostFromTheEnd) {
  this->append({reset(), entries(2, 9), state(1, 5, 1)});
  for (int life = 0; life < 20; ++life) {
    const Index before = this->log().hard_state.commit;
    for (Index commit = before; commit <= before + 9; ++commit) this->append({state(1, 5, commit)}, false);
    EXPECT_EQ(this->log().hard_state.commit, before + 9);
    this->crash();
    EXPECT_EQ(this->log().last_index(), 9u);
    EXPECT_GE(this->log().hard_state.commit, before);
  }
}

TYPED_TEST(JournalTest, ALaterSyncKeepsEarlierUnsyncedTurns) {
  this->append({reset(), reset(kOther), entries(2, 9)});
  this->append({state(1, 5, 7)}, false);
  this->append({entries(2, 2, 1, kOther)});
  this->crash();
  EXPECT_EQ(this->log().hard_state, (HardState{1, 5, 7}));
}

TYPED_TEST(JournalTest, EntriesAreSyncedWhateverIsAskedFor) {
  this->append({reset(), entries(2, 9)}, false);
  this->crash();
  EXPECT_EQ(this->log().last_index(), 9u);
}

TYPED_TEST(JournalTest, AHoleOrAFallingTermStopsTheProcess) {
  this->append({reset(), entries(2, 9, 4)});
  EXPECT_DEATH((void)this->journal->append({entries(11, 11, 4)}, true), "invariant broken");
  EXPECT_DEATH((void)this->journal->append({entries(10, 10, 3)}, true), "invariant broken");
  EXPECT_DEATH((void)this->journal->append({entries(1, 1, 4)}, true), "invariant broken");
  EXPECT_DEATH((void)this->journal->append({entries(2, 2, 4, kOther)}, true), "invariant broken");
}

// Power is cut at every write and every sync: what was answered is there, and no turn is there in part.
template <class Kind>
struct JournalCrashTest : testing::Test {};

TYPED_TEST_SUITE(JournalCrashTest, Kinds);

TYPED_TEST(JournalCrashTest, WhateverWasSyncedIsThereWhereverThePowerIsCut) {
  const JournalScript script(3, 120);
  TypeParam whole;
  Journal* uncut = whole.open().value();
  const uint64_t begin = whole.operations();
  script.run(*uncut);
  for (uint64_t cut = begin; cut < whole.operations(); ++cut) {
    for (uint64_t seed = 0; seed < 3; ++seed) {
      TypeParam kind;
      Journal* journal = kind.open().value();
      kind.cut_power_at(cut);
      const auto [answered, durable] = script.run(*journal);
      ASSERT_LT(answered, script.turn.size()) << "the cut was met";
      SeededRandom random(cut * 8 + seed);
      kind.crash(random);
      auto opened = kind.open();
      ASSERT_TRUE(opened.ok()) << "cut at " << cut << ": " << opened.error().what;
      script.expect_one_of(durable, answered + 1, **opened, cut);
      if (this->HasFatalFailure()) return;
    }
  }
}

// One life of a process after another, each ended by a loss of power somewhere, in its opening too.
template <class Kind>
void live_many_lives(uint64_t seed, int lives) {
  SeededRandom random(seed);
  JournalTurns make(random);
  Kind kind;
  std::vector<JournalModel> possible(1);  // what may be there after the crash: an answered turn leaves itself alone
  for (int life = 0; life < lives; ++life) {
    SCOPED_TRACE("seed " + std::to_string(seed) + " life " + std::to_string(life));
    if (random.below(3) == 0) {
      kind.cut_power_at(kind.operations() + random.below(12));
      (void)kind.open();
      kind.crash(random);
    }
    auto opened = kind.open();
    ASSERT_TRUE(opened.ok()) << opened.error().what;
    Journal& journal = **opened;
    std::string differs;
    const auto found = std::find_if(possible.begin(), possible.end(), [&](const JournalModel& model) {
      const std::string difference = model.difference(journal);
      differs += difference + "; ";
      return difference.empty();
    });
    ASSERT_NE(found, possible.end()) << differs;
    possible = {JournalModel(*found)};

    if (random.below(4) != 0) kind.cut_power_at(kind.operations() + random.below(120));
    for (uint64_t turns = random.below(80); turns > 0; --turns) {
      JournalModel model = possible.back();
      const bool sync = random.below(3) != 0 || model.groups.empty();
      const auto turn = sync ? make.next(model) : make.next_commit(model);
      model.apply(turn);
      const bool answered = journal.append(turn, sync).ok();
      if (answered && sync) possible.clear();
      possible.push_back(model);
      if (!answered) break;
      ASSERT_EQ(random.below(8) == 0 ? model.difference(journal) : "", "");
      if (random.below(2) != 0) continue;
      for (const auto& [id, group] : model.groups) {
        const Index upto = group.last_index() - random.below(6);
        journal.trim(id, upto);
        for (JournalModel& each : possible) each.trim(id, upto);
      }
    }
    kind.crash(random);
  }
}

TYPED_TEST(JournalCrashTest, AgreesWithItsModelOverManyLives) {
  for (uint64_t seed = 0; seed < 60 && !this->HasFailure(); ++seed) live_many_lives<TypeParam>(seed, 10);
}

}  // namespace
}  // namespace stoa
