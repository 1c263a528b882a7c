#include "storage/work_thread.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace stoa {
namespace {

TEST(WorkThread, DoesWhatWasPostedInItsOrderBeforeItEnds) {
  std::vector<int> done;
  std::thread::id ran_on;
  {
    WorkThread thread("work");
    for (int i = 0; i < 100; ++i) thread.post([&done, i] { done.push_back(i); });
    thread.post([&] { ran_on = std::this_thread::get_id(); });
  }
  ASSERT_EQ(done.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(done[static_cast<size_t>(i)], i);
  EXPECT_NE(ran_on, std::this_thread::get_id());
}

TEST(WorkThread, TakesWorkFromItsWork) {
  bool done = false;
  {
    WorkThread thread("work");
    thread.post([&] { thread.post([&] { done = true; }); });
  }
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace stoa
