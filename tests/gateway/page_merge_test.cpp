#include "gateway/page_merge.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

Page page(std::vector<PageItem> items) { return {std::move(items)}; }

TEST(PageMerge, OrdersByKeyThenIdDescending) {
  const auto merged =
      merge_pages({page({{"b", "1", "1"}, {"a", "9", "4"}}), page({{"b", "2", "0"}, {"a", "10", "5"}})}, 4);
  EXPECT_EQ(merged.items, "[0,1,4,5]");
  EXPECT_FALSE(merged.next);
}

TEST(PageMerge, CutsAndSaysWhereItStopped) {
  const auto merged = merge_pages({page({{"c", "1", "1"}, {"b", "1", "2"}}), page({{"a", "1", "3"}})}, 2);
  EXPECT_EQ(merged.items, "[1,2]");
  ASSERT_TRUE(merged.next);
  EXPECT_EQ(merged.next->sort, "b");
}

TEST(PageMerge, GoesOnAfterTheLargestPageOnlyWhereThereIsMore) {
  Page full;
  for (int64_t i = 0; i < page_ask(100); ++i) full.items.push_back({"k", std::to_string(i), "0"});
  EXPECT_TRUE(merge_pages({full}, 100).next);
  full.items.pop_back();
  EXPECT_FALSE(merge_pages({full}, 100).next);
}

}  // namespace
}  // namespace stoa
