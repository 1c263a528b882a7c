#include "base/secret.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/log.hpp"

namespace stoa {
namespace {

template <class T, class = void>
constexpr bool kPrintable = false;
template <class T>
constexpr bool kPrintable<T, std::void_t<decltype(std::declval<std::ostream&>() << std::declval<const T&>())>> = true;

TEST(Secret, CannotBePrintedLoggedOrPutIntoJson) {
  static_assert(kPrintable<std::string> && !kPrintable<Secret>);
  static_assert(!std::is_constructible_v<LogField, const char*, Secret>);
  static_assert(!std::is_constructible_v<nlohmann::json, Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string> && !std::is_convertible_v<std::string, Secret>);
}

TEST(Secret, IsRevealedOnlyWhereAsked) {
  const Secret secret(std::string("correct horse"));
  EXPECT_EQ(secret.reveal(), "correct horse");
  EXPECT_TRUE(Secret().empty());
}

TEST(Secret, LeavesNothingBehindWhereItMovedFrom) {
  Secret from(std::string("correct horse"));
  const Secret to = std::move(from);
  EXPECT_TRUE(from.empty());
  EXPECT_EQ(to.reveal(), "correct horse");
}

}  // namespace
}  // namespace stoa
