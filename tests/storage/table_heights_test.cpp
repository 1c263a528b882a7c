#include "storage/table_heights.hpp"

#include <gtest/gtest.h>

#include "storage/key.hpp"
#include "storage/memory_database.hpp"

namespace stoa {
namespace {

std::string key(Table table, std::string_view name) { return table_prefix(4, table).append(name); }

TEST(TableHeights, AnEmptyTableLiesBelowEveryKey) {
  const MemoryDatabase database;
  TableHeights heights(database);
  EXPECT_TRUE(heights.above(key(1, "a")));
}

TEST(TableHeights, BeginWithWhatTheDatabaseHolds) {
  MemoryDatabase database;
  const std::string low = key(1, "b"), other = key(2, "z");
  ASSERT_TRUE(database.write({4, {7, 1, 1, ""}, {{low, "1"}, {other, "1"}}}).ok());
  TableHeights heights(database);
  EXPECT_FALSE(heights.above(key(1, "a")));
  EXPECT_FALSE(heights.above(key(1, "b")));
  EXPECT_TRUE(heights.above(key(1, "ba")));
  EXPECT_FALSE(heights.above(key(2, "y")));
}

TEST(TableHeights, RiseWithEachLayerAndNeverFall) {
  MemoryDatabase database;
  TableHeights heights(database);
  heights.raise({{{key(1, "a"), "1"}, {key(1, "m"), std::nullopt}, {key(255, "c"), "1"}}});
  EXPECT_FALSE(heights.above(key(1, "m")));
  EXPECT_TRUE(heights.above(key(1, "n")));
  EXPECT_FALSE(heights.above(key(255, "c")));
  EXPECT_TRUE(heights.above(key(3, "a")));
  heights.raise({{{key(1, "b"), "1"}}});
  EXPECT_FALSE(heights.above(key(1, "m")));
  heights.raise({{{key(1, "x"), "1"}}});
  EXPECT_FALSE(heights.above(key(1, "n")));
}

}  // namespace
}  // namespace stoa
