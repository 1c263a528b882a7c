#include "storage/journal_thread.hpp"

#include <atomic>
#include <condition_variable>
#include <gtest/gtest.h>

#include "storage/memory_journal.hpp"

namespace stoa {
namespace {

constexpr GroupId kGroup{1, 0};

class AnyThread final : public Executor {
 public:
  void post(std::function<void()> work) override { work(); }
};

JournalRecord reset(GroupId group) { return {group, 9, Reset{0, 0}}; }
JournalRecord entry(GroupId group, Index index) { return {group, 9, Entries{{{index, 1, 0, "x"}}}}; }

TEST(JournalThread, StoresWhatManyThreadsSubmit) {
  MemoryJournal memory;
  SystemClock clock;
  AnyThread executor;
  JournalWriter writer(memory, clock);
  std::atomic<int> completed{0};
  {
    const JournalThread thread(writer);
    std::vector<std::thread> submitters;
    for (uint16_t t = 0; t < 4; ++t) {
      submitters.emplace_back([&, t] {
        const GroupId group{3, t};
        writer.submit({reset(group)}, true, executor, [&] { ++completed; });
        for (Index i = 1; i <= 500; ++i) writer.submit({entry(group, i)}, true, executor, [&] { ++completed; });
      });
    }
    for (std::thread& submitter : submitters) submitter.join();
  }
  EXPECT_EQ(completed, 4 * 501);
  for (uint16_t t = 0; t < 4; ++t) EXPECT_EQ(memory.recover({3, t}).value()->last_index(), 500u);
}

TEST(JournalThread, WakesForEverySubmission) {
  MemoryJournal journal;
  SystemClock clock;
  AnyThread executor;
  JournalWriter writer(journal, clock);
  const JournalThread thread(writer);
  std::mutex mutex;
  std::condition_variable stored;
  int count = 0;
  for (int i = 1; i <= 200; ++i) {
    writer.submit({reset(kGroup)}, true, executor, [&] {
      const std::lock_guard<std::mutex> lock(mutex);
      ++count;
      stored.notify_one();
    });
    std::unique_lock<std::mutex> lock(mutex);
    ASSERT_TRUE(stored.wait_for(lock, std::chrono::seconds(20), [&] { return count == i; }));
  }
}

TEST(JournalThreadDeathTest, StopsTheProcessWhenATurnFails) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  MemoryJournal journal;
  SystemClock clock;
  AnyThread executor;
  journal.cut_power_at(0);
  EXPECT_DEATH(
      {
        JournalWriter writer(journal, clock);
        const JournalThread thread(writer);
        writer.submit({reset(kGroup)}, true, executor, {});
      },
      "the power was cut");
}

}  // namespace
}  // namespace stoa
