#include "storage/journal_writer.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

constexpr GroupId kGroup{1, 0};
constexpr GroupId kOther{2, 7};

class InlineExecutor final : public Executor {
 public:
  void post(std::function<void()> work) override {
    ++posts;
    work();
  }
  int posts = 0;
};

// Counts what reaches the journal and remembers what it was asked for.
class CountingJournal final : public Journal {
 public:
  Result<void> append(const std::vector<JournalRecord>& turn, bool sync) override {
    turns.push_back({turn.size(), sync});
    if (fail) return Error{"the disk is gone"};
    return {};
  }
  std::vector<GroupId> groups() const override { return {}; }
  Result<std::optional<GroupLog>> recover(GroupId) override { return std::optional<GroupLog>(); }
  Result<std::vector<LogEntry>> read(GroupId, Index, Index, size_t) override { return std::vector<LogEntry>(); }
  void trim(GroupId, Index) override {}

  std::vector<std::pair<size_t, bool>> turns;  // records, sync
  bool fail = false;
};

JournalRecord reset(GroupId group) { return {group, 9, Reset{0, 0}}; }
JournalRecord entry(GroupId group, Index index, std::string data = "x") {
  return {group, 9, Entries{{{index, 1, 0, std::move(data)}}}};
}
JournalRecord commit(GroupId group, Index index) { return {group, 9, HardState{1, 9, index}}; }

struct JournalWriterTest : testing::Test {
  CountingJournal journal;
  SystemClock clock;
  InlineExecutor executor;
  std::vector<int> done;
  std::function<void()> note(int n) {
    return [this, n] { done.push_back(n); };
  }
};

TEST_F(JournalWriterTest, MergesAllThatIsQueuedIntoOneTurn) {
  JournalWriter writer(journal, clock);
  writer.submit({reset(kGroup), entry(kGroup, 1)}, true, executor, note(1));
  writer.submit({reset(kOther)}, true, executor, note(2));
  writer.submit({commit(kGroup, 1)}, false, executor, note(3));
  EXPECT_TRUE(done.empty());
  EXPECT_TRUE(writer.step().value());
  EXPECT_EQ(journal.turns, (std::vector<std::pair<size_t, bool>>{{4, true}}));
  EXPECT_EQ(done, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(executor.posts, 1) << "a turn wakes a loop once";
  EXPECT_FALSE(writer.step().value());
}

TEST_F(JournalWriterTest, SyncsNothingWhenNobodyNeedsIt) {
  JournalWriter writer(journal, clock);
  writer.submit({commit(kGroup, 1)}, false, executor, note(1));
  EXPECT_TRUE(writer.step().value());
  EXPECT_EQ(journal.turns, (std::vector<std::pair<size_t, bool>>{{1, false}}));
  EXPECT_EQ(done, (std::vector<int>{1}));
}

TEST_F(JournalWriterTest, AnEmptySubmissionOnlyKeepsItsPlace) {
  JournalWriter writer(journal, clock);
  writer.submit({}, false, executor, note(1));
  EXPECT_TRUE(writer.step().value());
  EXPECT_TRUE(journal.turns.empty());
  EXPECT_EQ(done, (std::vector<int>{1}));
}

TEST_F(JournalWriterTest, PostsToEachExecutorInOrder) {
  InlineExecutor second;
  JournalWriter writer(journal, clock);
  for (int i = 0; i < 6; ++i) writer.submit({commit(kGroup, 1)}, false, i % 2 ? second : executor, note(i));
  EXPECT_TRUE(writer.step().value());
  EXPECT_EQ(done, (std::vector<int>{0, 2, 4, 1, 3, 5}));
  EXPECT_EQ(executor.posts, 1);
  EXPECT_EQ(second.posts, 1);
}

TEST_F(JournalWriterTest, SplitsWhatIsTooMuchForOneTurn) {
  JournalWriter writer(journal, clock);
  const std::string half(JournalWriter::kTurnBytes / 2, 'x');
  for (int i = 0; i < 3; ++i) writer.submit({entry(kGroup, 1, half)}, true, executor, note(i));
  writer.submit({entry(kGroup, 1, half + half + half)}, true, executor, note(3));
  EXPECT_TRUE(writer.step().value());
  EXPECT_EQ(done, (std::vector<int>{0, 1}));
  EXPECT_TRUE(writer.step().value());
  EXPECT_EQ(done, (std::vector<int>{0, 1, 2}));
  EXPECT_TRUE(writer.step().value());
  EXPECT_EQ(done, (std::vector<int>{0, 1, 2, 3}));
}

TEST_F(JournalWriterTest, CompletesNothingAfterAFailure) {
  JournalWriter writer(journal, clock);
  journal.fail = true;
  writer.submit({entry(kGroup, 1)}, true, executor, note(1));
  const Result<bool> stepped = writer.step();
  ASSERT_FALSE(stepped.ok());
  EXPECT_EQ(stepped.error().what, "the disk is gone");
  EXPECT_TRUE(done.empty());
}

TEST_F(JournalWriterTest, TellsWhatATurnTook) {
  std::vector<JournalTurn> seen;
  JournalWriter writer(journal, clock, [&](const JournalTurn& turn) { seen.push_back(turn); });
  writer.submit({entry(kGroup, 1, "four")}, true, executor, {});
  writer.submit({commit(kGroup, 1)}, false, executor, {});
  EXPECT_TRUE(writer.step().value());
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].submissions, 2u);
  EXPECT_EQ(seen[0].records, 2u);
  EXPECT_EQ(seen[0].bytes, 4u);
  EXPECT_TRUE(seen[0].synced);
  EXPECT_GE(seen[0].append_ns, 0);
}

}  // namespace
}  // namespace stoa
