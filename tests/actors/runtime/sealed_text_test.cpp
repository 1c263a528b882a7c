#include "actors/runtime/sealed_text.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

const std::string kKey(32, 'k');

TEST(SealedText, IsReadWithItsKeyAndNoOther) {
  const std::string sealed = seal_text(kKey, "a token");
  EXPECT_EQ(sealed.find("token"), std::string::npos);
  EXPECT_EQ(unseal_text(kKey, sealed), "a token");
  EXPECT_EQ(unseal_text(std::string(32, 'l'), sealed), std::nullopt);
  EXPECT_EQ(unseal_text("", sealed), std::nullopt);
}

TEST(SealedText, IsAnotherEachTime) { EXPECT_NE(seal_text(kKey, "a token"), seal_text(kKey, "a token")); }

TEST(SealedText, TellsWhenItWasChangedOrCut) {
  const std::string sealed = seal_text(kKey, "");
  for (size_t at = 0; at < sealed.size(); ++at) {
    std::string bad = sealed;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_EQ(unseal_text(kKey, bad), std::nullopt) << at;
    EXPECT_EQ(unseal_text(kKey, sealed.substr(0, at)), std::nullopt) << at;
  }
  EXPECT_EQ(unseal_text(kKey, sealed), "");
}

}  // namespace
}  // namespace stoa
