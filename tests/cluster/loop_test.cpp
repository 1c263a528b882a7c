#include "cluster/loop.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace stoa {
namespace {

TEST(Loop, RunsPostsInTheirOrder) {
  Loop loop;
  std::string ran;
  for (const char c : {'a', 'b', 'c'}) loop.post([&ran, c] { ran += c; });
  EXPECT_EQ(ran, "");
  EXPECT_TRUE(loop.poll());
  EXPECT_EQ(ran, "abc");
  EXPECT_FALSE(loop.poll()) << "nothing is left";
}

TEST(Loop, EndsATurnOnceAfterAllThatWasReady) {
  Loop loop;
  std::string ran;
  loop.each_round([&] { return ran += 'r', false; });
  loop.each_end([&] { ran += 'e'; });
  loop.post([&] {
    ran += 'a';
    loop.post([&] { ran += 'b'; });  // by the loop itself: of the same turn
  });
  loop.poll();
  EXPECT_EQ(ran.substr(0, 6), "arbrre") << "a and b, rounds until nothing more comes, one end";
}

TEST(Loop, GoesRoundAgainWhileARoundDidSomething) {
  Loop loop;
  int rounds = 0, ends = 0;
  loop.each_round([&] { return ++rounds < 3; });
  loop.each_end([&] { ++ends; });
  loop.arm();
  loop.poll();
  EXPECT_EQ(rounds, 3);
  EXPECT_EQ(ends, 1);
}

TEST(Loop, EndsATurnEvenWhenWorkNeverEnds) {
  Loop loop;
  int ran = 0, ends = 0;
  std::function<void()> again = [&] {
    if (++ran < 5 * Loop::kMaxRounds) loop.post(again);
  };
  loop.each_end([&] {
    ++ends;
    EXPECT_LE(ran, ends * Loop::kMaxRounds);
  });
  loop.post(again);
  while (loop.poll()) continue;
  EXPECT_EQ(ran, 5 * Loop::kMaxRounds);
  EXPECT_GE(ends, 5);
}

TEST(Loop, ArmedTwiceTurnsOnce) {
  Loop loop;
  int ends = 0;
  loop.each_end([&] { ++ends; });
  loop.arm();
  loop.arm();
  while (loop.poll()) continue;
  EXPECT_EQ(ends, 1);
}

TEST(Loop, TakesPostsOfOtherThreadsAndEndsWhenStopped) {
  Loop loop;
  int sum = 0;  // of the loop's thread alone
  std::thread running([&] { loop.run(); });
  std::vector<std::thread> others;
  for (int thread = 0; thread < 4; ++thread) {
    others.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) loop.post([&] { ++sum; });
    });
  }
  for (std::thread& other : others) other.join();
  loop.post([&] { loop.stop(); });
  running.join();
  EXPECT_EQ(sum, 4000);
}

TEST(Loop, ForgetsNothingThatIsPostedFromAnEnd) {
  Loop loop;
  bool posted = false, ran = false;
  loop.each_end([&] {
    if (!std::exchange(posted, true)) loop.post([&] { ran = true; });
  });
  loop.arm();
  while (loop.poll()) continue;
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace stoa
