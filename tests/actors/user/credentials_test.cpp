#include "actors/user/credentials.hpp"

#include <gtest/gtest.h>
#include <thread>
#include <vector>

#include "actors/user/refresh_token.hpp"

namespace stoa::user {
namespace {

constexpr Time kNow{1'750'000'000'000};

struct Adapter {
  SeededRandom random{3};
  KeyRing keys = KeyRing::generate();
  Credentials credentials{keys};
  UserId user = UserId::mint(kNow, 5, random);

  CredentialsRequest login(const std::string& password, const std::string& hash) const {
    CredentialsRequest r;
    r.kind = CredentialsRequest::Kind::kLogin;
    r.password = password;
    r.stored_hash = hash;
    r.user_id = user;
    r.role = UserRole::kMerchant;
    r.now = kNow;
    return r;
  }
};

TEST(Credentials, HashWithTheParametersThatWerePromised) {
  const auto hash = hash_password("correct-horse-battery"), again = hash_password("correct-horse-battery");
  ASSERT_TRUE(hash && again);
  EXPECT_EQ(hash->substr(0, 31), "$argon2id$v=19$m=19456,t=2,p=1$");
  EXPECT_NE(*hash, *again);  // each has a salt of its own
  EXPECT_TRUE(is_password("correct-horse-battery", *hash));
  EXPECT_FALSE(is_password("correct-horse-batterz", *hash));
  EXPECT_FALSE(is_password("", *hash));
  EXPECT_FALSE(is_password("correct-horse-battery", ""));
  EXPECT_FALSE(is_password("correct-horse-battery", std::string(500, 'x')));
}

TEST(Credentials, TellPasswordsApartBehindAZeroByte) {
  const std::string one("twelve bytes\0one", 16), two("twelve bytes\0two", 16);
  EXPECT_FALSE(is_password(two, *hash_password(one)));
}

TEST(Credentials, MakeTokensForTheRightPasswordOnly) {
  const Adapter a;
  CredentialsRequest hash;
  hash.password = "correct-horse-battery";
  const std::string stored = a.credentials.run(hash).password_hash;

  const auto right = a.credentials.run(a.login("correct-horse-battery", stored));
  EXPECT_TRUE(right.verified);
  const TokenCheck check = a.keys.verify(right.access_token, kNow);
  ASSERT_TRUE(check.token) << check.fault;
  EXPECT_EQ(check.token->caller.user, a.user);
  EXPECT_EQ(check.token->caller.role, UserRole::kMerchant);
  EXPECT_EQ(check.token->session_id, right.session_id);
  const auto refresh = RefreshToken::parse(right.refresh_token);
  ASSERT_TRUE(refresh);
  EXPECT_EQ(refresh->user_id, a.user);
  EXPECT_EQ(refresh->session_id, right.session_id);
  EXPECT_EQ(hash_of_secret(refresh->secret), right.refresh_hash);

  for (const auto& wrong : {a.credentials.run(a.login("wrong", stored)), a.credentials.run(a.login("wrong", ""))}) {
    EXPECT_FALSE(wrong.verified);
    EXPECT_EQ(wrong.access_token + wrong.refresh_token + wrong.refresh_hash, "");
  }
}

TEST(Credentials, RotateATokenWithinItsSession) {
  const Adapter a;
  CredentialsRequest ask;
  ask.kind = CredentialsRequest::Kind::kRefresh;
  ask.user_id = a.user;
  ask.role = UserRole::kCustomer;
  ask.session_id = Uuid{7, 9};
  ask.secret = new_refresh_secret();
  ask.now = kNow;
  const auto result = *decode<CredentialsResult>(a.credentials.run(encode(ask)));
  EXPECT_EQ(result.presented_hash, hash_of_secret(ask.secret));
  EXPECT_NE(result.refresh_hash, result.presented_hash);
  EXPECT_EQ(RefreshToken::parse(result.refresh_token)->session_id, ask.session_id);
  EXPECT_EQ(a.keys.verify(result.access_token, kNow).token->session_id, ask.session_id);
}

TEST(Credentials, WorkOnSeveralThreadsAtOnce) {
  const Adapter a;
  const std::string stored = *hash_password("correct-horse-battery");
  std::vector<CredentialsResult> results(3);
  std::vector<std::thread> threads;
  for (auto& result : results)
    threads.emplace_back([&] { result = a.credentials.run(a.login("correct-horse-battery", stored)); });
  for (auto& t : threads) t.join();
  for (const auto& result : results) EXPECT_TRUE(result.verified);
  EXPECT_NE(results[0].session_id, results[1].session_id);
}

}  // namespace
}  // namespace stoa::user
