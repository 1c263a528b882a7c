#include "gateway/https.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace stoa {
namespace {

TEST(Https, TellsWhichFileIsOfNoUse) {
  const auto missing = open_https({"/no/such/shop.pem", "/no/such/shop.key"});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().what.rfind("/no/such/shop.pem: no certificate can be read: ", 0), 0u)
      << missing.error().what;

  const std::string path = std::filesystem::path(testing::TempDir()) / "https_test.pem";
  std::ofstream(path) << "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n";
  const auto garbage = open_https({path, path});
  std::filesystem::remove(path);
  ASSERT_FALSE(garbage.ok());
  EXPECT_EQ(garbage.error().what.rfind(path + ": no certificate can be read: ", 0), 0u) << garbage.error().what;
}

}  // namespace
}  // namespace stoa
