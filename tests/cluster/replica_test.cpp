#include "cluster/replica.hpp"

#include <gmock/gmock.h>

#include "tests/cluster/table.hpp"

namespace stoa {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Replica, LeadsAGroupOfOneWithoutATick) {
  Table one(1, voters({1}));
  one.replica->pump();
  EXPECT_EQ(one.replica->role(), Role::kLeader);
  EXPECT_FALSE(one.replica->leads_ready()) << "its first entry is not stored yet";
  one.store();
  EXPECT_TRUE(one.replica->leads_ready());
  EXPECT_EQ(one.replica->term(), 2u);
  EXPECT_FALSE(one.replica->needs_ticks());
  EXPECT_FALSE(one.replica->has_work());
}

TEST(Replica, CommitsAsSoonAsItsOwnEntryIsStored) {
  Table one(1, voters({1}));
  one.settle();
  const auto at = one.replica->propose("a");
  ASSERT_TRUE(at);
  one.replica->pump();
  EXPECT_THAT(one.applied_data(), IsEmpty());
  one.store(1);
  EXPECT_THAT(one.applied_data(), ElementsAre("a"));
  EXPECT_EQ(one.applied.back().index, at->index);
  EXPECT_EQ(one.applied.back().term, at->term);
}

TEST(Replica, FindsAfterACrashWhatWasStored) {
  Table one(1, voters({1}));
  one.settle();
  one.propose("a");
  one.store();
  one.propose("b");
  one.crash();
  one.boot();
  one.settle();
  EXPECT_THAT(one.applied_data(), ElementsAre("a"));
  EXPECT_EQ(one.replica->term(), 3u);
}

}  // namespace
}  // namespace stoa
