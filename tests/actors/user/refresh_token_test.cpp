#include "actors/user/refresh_token.hpp"

#include <gtest/gtest.h>

#include "actors/user/base64url.hpp"

namespace stoa::user {
namespace {

TEST(RefreshToken, ComesBackFromItsText) {
  SeededRandom random(1);
  const RefreshToken token{UserId::mint(Time{1000}, 77, random), mint_uuid(Time{1000}, 0, random),
                           new_refresh_secret()};
  const auto back = RefreshToken::parse(token.text());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->user_id, token.user_id);
  EXPECT_EQ(back->user_id.slot(), 77);
  EXPECT_EQ(back->session_id, token.session_id);
  EXPECT_EQ(back->secret, token.secret);
  EXPECT_EQ(from_base64url(token.secret)->size(), 32u);
}

TEST(RefreshToken, IsNothingElse) {
  SeededRandom random(1);
  const std::string good =
      RefreshToken{UserId::mint(Time{1000}, 77, random), mint_uuid(Time{1000}, 0, random), new_refresh_secret()}.text();
  for (size_t length = 0; length < good.size(); ++length) EXPECT_FALSE(RefreshToken::parse(good.substr(0, length)));
  for (const std::string& bad : {good + "A", "x" + good, "RT" + good.substr(2), std::string(good.size(), '_'),
                                 good.substr(0, 35) + "-" + good.substr(36)})
    EXPECT_FALSE(RefreshToken::parse(bad)) << bad;
}

TEST(RefreshToken, HasASecretThatNobodyHadBefore) {
  EXPECT_NE(new_refresh_secret(), new_refresh_secret());
  EXPECT_NE(hash_of_secret("a"), hash_of_secret("b"));
  EXPECT_EQ(hash_of_secret("a"), hash_of_secret("a"));
}

TEST(Base64Url, ComesBackFromItsText) {
  // RFC 4648 §10, without padding.
  EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64url("fooba"), "Zm9vYmE");
  EXPECT_EQ(base64url("\xff\xef\xbe"), "_---");
  for (const char* bad : {"Zm9vYmE=", "Zm9vYmF", "Zm9v YmE", "Zm9v\n", "+/+/", "A"})
    EXPECT_FALSE(from_base64url(bad)) << bad;
  EXPECT_EQ(from_base64url(""), "");
}

}  // namespace
}  // namespace stoa::user
