#include "actors/order/country.hpp"

#include <gtest/gtest.h>
#include <string>

namespace stoa {
namespace {

TEST(Country, IsOneOfTheAssignedCodes) {
  for (const char* code : {"AD", "DE", "GB", "TW", "US", "ZW"}) EXPECT_TRUE(is_country(code)) << code;
  for (const char* code : {"", "D", "de", "EU", "UK", "XX", "DEU", "E ", " D", "ZZ"})
    EXPECT_FALSE(is_country(code)) << code;
}

TEST(Country, HasTwoHundredAndFortyNineCodes) {
  int count = 0;
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b) count += is_country(std::string{a, b}) ? 1 : 0;
  }
  EXPECT_EQ(count, 249);
}

}  // namespace
}  // namespace stoa
