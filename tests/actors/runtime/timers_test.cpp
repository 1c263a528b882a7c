#include "actors/runtime/timers.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

TimerRow row(const std::string& key, int64_t due_ms, const std::string& payload = "") {
  return {timer_name("Expire", key), "Expire", payload, Time{due_ms}, ""};
}

std::vector<std::string> names(const std::vector<TimerRow>& rows) {
  std::vector<std::string> out;
  for (const TimerRow& r : rows) out.push_back(r.name);
  return out;
}

TEST(Timers, HandsOutWhatIsDueInOrderOfTime) {
  Timers timers;
  timers.committed(row("late", 300));
  timers.committed(row("first", 100));
  timers.committed(row("second", 200));
  EXPECT_TRUE(timers.take_due(Time{99}).empty());
  EXPECT_EQ(names(timers.take_due(Time{200})), (std::vector<std::string>{row("first", 0).name, row("second", 0).name}));
  EXPECT_EQ(names(timers.take_due(Time{1000})), std::vector<std::string>{row("late", 0).name});
}

TEST(Timers, HandsOutEachOnce) {
  Timers timers;
  timers.committed(row("a", 100));
  EXPECT_EQ(timers.take_due(Time{100}).size(), 1u);
  EXPECT_TRUE(timers.take_due(Time{100}).empty());
  EXPECT_EQ(timers.size(), 1u) << "its row stands until the commit that fires it";
  timers.erased(row("a", 0).name);
  EXPECT_EQ(timers.size(), 0u);
}

TEST(Timers, FollowARowThatIsMoved) {
  Timers timers;
  timers.committed(row("a", 100, "old"));
  timers.committed(row("a", 500, "new"));
  EXPECT_TRUE(timers.take_due(Time{499}).empty());
  const auto due = timers.take_due(Time{500});
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].payload, "new");
  timers.committed(row("a", 600, "again"));
  EXPECT_EQ(timers.take_due(Time{600}).size(), 1u) << "committed anew, handed out anew";
}

TEST(Timers, ForgetWhatIsErasedAndEverythingWithTheLead) {
  Timers timers;
  timers.committed(row("a", 100));
  timers.committed(row("b", 100));
  timers.erased(row("a", 0).name);
  timers.erased(row("unknown", 0).name);
  EXPECT_EQ(timers.size(), 1u);
  timers.clear();
  EXPECT_TRUE(timers.take_due(Time{1000}).empty());
}

TEST(Timers, OfTheSameTimeAreAllHandedOut) {
  Timers timers;
  for (int i = 0; i < 50; ++i) timers.committed(row(std::to_string(i), 100));
  EXPECT_EQ(timers.take_due(Time{100}).size(), 50u);
}

TEST(TimerName, KeepsCommandAndKeyApart) { EXPECT_NE(timer_name("ab", "c"), timer_name("a", "bc")); }

}  // namespace
}  // namespace stoa
