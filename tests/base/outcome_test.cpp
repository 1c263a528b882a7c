#include "base/outcome.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

TEST(Outcome, CarriesTheReplyOrTheRefusal) {
  const Outcome done = created(Money{1, "EUR"}).at("x").tagged("1");
  EXPECT_FALSE(done.is_refused());
  EXPECT_EQ(done.answer.body, R"({"amount":1,"currency":"EUR"})");
  EXPECT_TRUE(refuse(kNotFound, "no such thing").is_refused());
}

}  // namespace
}  // namespace stoa
