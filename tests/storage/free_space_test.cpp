#include "storage/free_space.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

constexpr SpaceMarks kMarks{1000, 100};

TEST(FreeSpace, IsLowUnderTheSoftMark) {
  uint64_t bytes = 1000;
  FreeSpace space([&]() -> Result<uint64_t> { return bytes; }, kMarks);
  EXPECT_FALSE(space.low());
  bytes = 999;
  EXPECT_FALSE(space.low());
  space.refresh();
  EXPECT_TRUE(space.low());
  EXPECT_EQ(space.free_bytes(), 999u);
  bytes = 5000;
  space.refresh();
  EXPECT_FALSE(space.low());
}

TEST(FreeSpace, StopsTheProcessUnderTheHardMark) {
  uint64_t bytes = 100;
  FreeSpace space([&]() -> Result<uint64_t> { return bytes; }, kMarks);
  bytes = 99;
  EXPECT_DEATH(space.refresh(), "too little room");
  EXPECT_DEATH(FreeSpace([]() -> Result<uint64_t> { return Error{"no such disk"}; }, kMarks), "no such disk");
}

TEST(FreeSpace, MeasuresADirectory) {
  const auto here = free_bytes_at(::testing::TempDir());
  ASSERT_TRUE(here.ok());
  EXPECT_GT(*here, 0u);
  EXPECT_FALSE(free_bytes_at("/no/such/place").ok());
}

}  // namespace
}  // namespace stoa
