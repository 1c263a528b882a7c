#include "base/crc32c.hpp"

#include <gtest/gtest.h>
#include <string>

#include "base/random.hpp"

namespace stoa {
namespace {

TEST(Crc32c, GivesTheValuesOfTheStandard) {
  EXPECT_EQ(crc32c(""), 0u);
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
}

TEST(Crc32c, IsTheSameByTableAndByProcessor) {
  SeededRandom random(7);
  for (size_t size = 0; size < 2500; ++size) {
    std::string data(size, '\0');
    for (char& c : data) c = static_cast<char>(random.u64());
    EXPECT_EQ(crc32c(data), crc32c_by_table(data)) << size;
  }
}

TEST(Crc32c, GoesOnFromAnEarlierPart) {
  std::string data = "a turn is valid whole or not at all";
  while (data.size() < 1000) data += data;
  for (size_t cut = 0; cut <= data.size(); ++cut) {
    const std::string_view view(data);
    EXPECT_EQ(crc32c(view.substr(cut), crc32c(view.substr(0, cut))), crc32c(view));
    EXPECT_EQ(crc32c_by_table(view.substr(cut), crc32c_by_table(view.substr(0, cut))), crc32c(view));
  }
}

}  // namespace
}  // namespace stoa
