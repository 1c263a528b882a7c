#include "storage/flusher_thread.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <gtest/gtest.h>
#include <map>

#include "storage/key.hpp"
#include "storage/shard_state.hpp"
#include "tests/storage/database_kinds.hpp"

namespace stoa {
namespace {

// A loop: posts arrive from the flusher's thread, the test's thread runs them.
class Mailbox final : public Executor {
 public:
  void post(std::function<void()> work) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    queue_.push_back(std::move(work));
    wake_.notify_one();
  }
  void run() {
    std::deque<std::function<void()>> taken;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      taken.swap(queue_);
    }
    for (const auto& work : taken) work();
  }
  template <class Done>
  bool run_until(Done done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!done()) {
      {
        std::unique_lock<std::mutex> lock(mutex_);
        if (!wake_.wait_until(lock, deadline, [&] { return !queue_.empty(); })) return false;
      }
      run();
    }
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
};

template <class Kind>
class FlusherThreadOf : public ::testing::Test {};
TYPED_TEST_SUITE(FlusherThreadOf, DatabaseKinds);

TYPED_TEST(FlusherThreadOf, WritesBehindAShardThatGoesOn) {
  TypeParam kind;
  SystemClock clock;
  Mailbox mailbox;
  StateFlusher flusher(clock, {20'000, 5000, 300'000, 30'000, 1 << 20});
  const FlusherThread thread(flusher);
  ShardState state(kind.database(), flusher, {3, 1}, 7, mailbox, [] {});
  SeededRandom random(2);
  std::map<std::string, std::string> model;
  for (Index i = 1; i <= 20'000; ++i) {
    WriteSet set;
    const std::string key = table_prefix(1, 1) + std::to_string(random.below(2000));
    if (random.below(4) == 0) {
      set.put(key, std::nullopt);
      model.erase(key);
    } else {
      model[key] = std::string(random.below(100), 'v');
      set.put(key, model[key]);
    }
    state.apply(i, 1, set);
    std::string value;
    const auto expected = model.find(key);
    ASSERT_EQ(state.get(key, value), expected != model.end());
    if (i % 64 == 0) mailbox.run();
  }
  state.hand_over(true);
  ASSERT_TRUE(mailbox.run_until([&] { return state.durable_applied() == 20'000; }));
  size_t count = 0;
  const std::string from = table_prefix(1, 1);
  state.scan(from, after_prefix(from), false, [&](std::string_view, std::string_view) { return ++count; });
  EXPECT_EQ(count, model.size());
}

TYPED_TEST(FlusherThreadOf, ServesTheLoopsOfManyShards) {
  TypeParam kind;
  SystemClock clock;
  StateFlusher flusher(clock, {5000, 10, 100'000, 100, 200'000});
  const FlusherThread thread(flusher);
  std::vector<std::thread> loops;
  std::atomic<int> finished{0};
  for (uint16_t shard = 0; shard < 3; ++shard) {
    loops.emplace_back([&, shard] {
      Mailbox mailbox;
      ShardState state(kind.database(), flusher, {3, shard}, 7, mailbox, [] {});
      for (Index i = 1; i <= 3000; ++i) {
        WriteSet set;
        set.put(table_prefix(shard, 1) + std::to_string(i % 300), std::string(50, 'v'));
        state.apply(i, 1, set);
        if (i % 32 == 0) mailbox.run();
      }
      state.hand_over(true);
      if (mailbox.run_until([&] { return state.durable_applied() == 3000; })) ++finished;
    });
  }
  for (std::thread& loop : loops) loop.join();
  EXPECT_EQ(finished, 3);
}

TYPED_TEST(FlusherThreadOf, EndsOnlyWhenAllThatWasHandedOverIsDurable) {
  TypeParam kind;
  SystemClock clock;
  Mailbox mailbox;
  StateFlusher flusher(clock);
  {
    ShardState state(kind.database(), flusher, {3, 1}, 7, mailbox, [] {});
    const FlusherThread thread(flusher);
    for (Index i = 1; i <= 100; ++i) state.apply(i, 1, {});
    state.hand_over(false);
  }
  EXPECT_EQ(kind.database().durable_mark(1).value()->applied, 100u);
}

TEST(FlusherThread, StopsTheProcessWhenAWriteFails) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        MemoryDatabase database;
        SystemClock clock;
        Mailbox mailbox;
        StateFlusher flusher(clock);
        ShardState state(database, flusher, {3, 1}, 7, mailbox, [] {});
        database.cut_power_at(0);
        state.apply(1, 1, {});
        state.hand_over(true);
        const FlusherThread thread(flusher);
        mailbox.run_until([] { return false; });
      },
      "no power");
}

}  // namespace
}  // namespace stoa
