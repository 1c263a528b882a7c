#include "actors/user/key_ring.hpp"

#include <gtest/gtest.h>
#include <sodium.h>
#include <thread>

#include "actors/user/base64url.hpp"
#include "actors/user/credentials_types.hpp"
#include "base/json.hpp"

namespace stoa::user {
namespace {

constexpr Time kNow{1'750'000'000'123};

struct Signed {
  SeededRandom random{3};
  KeyRing keys = KeyRing::generate();
  UserId user = UserId::mint(kNow, 5, random);
  Uuid session = mint_uuid(kNow, 0, random);
  std::string token = keys.sign(user, UserRole::kMerchant, session, kNow);

  std::string part(int n) const {
    std::string rest = token;
    for (; n > 0; --n) rest = rest.substr(rest.find('.') + 1);
    return *from_base64url(rest.substr(0, rest.find('.')));
  }
  std::string_view fault(const std::string& t, Time now = kNow) const { return keys.verify(t, now).fault; }
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  STOA_CHECK(at != std::string::npos, "the test replaces what is there");
  return text.replace(at, from.size(), to);
}

TEST(KeyRing, VerifiesWhatItSigned) {
  const Signed s;
  const TokenCheck check = s.keys.verify(s.token, kNow);
  ASSERT_TRUE(check.token) << check.fault;
  EXPECT_EQ(check.token->caller.user, s.user);
  EXPECT_EQ(check.token->caller.role, UserRole::kMerchant);
  EXPECT_EQ(check.token->session_id, s.session);
  EXPECT_EQ(check.token->expires.ms, (kNow.ms / 1000) * 1000 + kAccessTokenLife_ms);
  EXPECT_EQ(read_unchecked(s.token)->session_id, s.session);
}

TEST(KeyRing, WritesTheClaimsOfAJwt) {
  const Signed s;
  const auto header = *parse_json(s.part(0)), claims = *parse_json(s.part(1));
  EXPECT_EQ(header["alg"], "EdDSA");
  EXPECT_EQ(header["typ"], "JWT");
  EXPECT_EQ(header["kid"], s.keys.key_id(kNow));
  EXPECT_EQ(claims["sub"], s.user.text());
  EXPECT_EQ(claims["role"], "merchant");
  EXPECT_EQ(claims["sid"], s.session.hex());
  EXPECT_EQ(claims["iat"], kNow.ms / 1000);
  EXPECT_EQ(claims["exp"], kNow.ms / 1000 + 600);
  EXPECT_EQ(claims["iss"], "stoa");
  EXPECT_EQ(claims["aud"], "stoa");
  const std::string again = s.keys.sign(s.user, UserRole::kMerchant, s.session, kNow);
  EXPECT_NE(again, s.token);  // each has a jti of its own
}

TEST(KeyRing, RefusesATokenOutsideItsTime) {
  const Signed s;
  const Time expires = s.keys.verify(s.token, kNow).token->expires;
  EXPECT_EQ(s.fault(s.token, Time{expires.ms - 1}), "");
  EXPECT_EQ(s.fault(s.token, expires), "the access token has expired");
  EXPECT_EQ(s.fault(s.token, Time{kNow.ms - 120'000}), "the access token is not valid yet");
}

TEST(KeyRing, RefusesAnotherKeysToken) {
  const Signed s;
  const KeyRing foreign = KeyRing::generate();
  const std::string theirs = foreign.sign(s.user, UserRole::kAdmin, s.session, kNow);
  EXPECT_EQ(s.fault(theirs), "the access token is signed with an unknown key");
  // The same, but it says that it is ours.
  const std::string ours = s.token.substr(0, s.token.find('.')) + theirs.substr(theirs.find('.'));
  EXPECT_EQ(s.fault(ours), "the access token's signature is wrong");
}

TEST(KeyRing, RefusesEveryOtherAlgorithm) {
  const Signed s;
  const std::string rest = s.token.substr(s.token.find('.'));
  const std::string unsigned_rest = rest.substr(0, rest.rfind('.') + 1);
  for (const char* alg : {"none", "None", "HS256", "RS256", "EdDSA ", ""}) {
    const std::string header = base64url(replaced(s.part(0), "EdDSA", alg));
    EXPECT_EQ(s.fault(header + rest), "the access token is of an unknown kind") << alg;
    EXPECT_EQ(s.fault(header + unsigned_rest), "the access token is of an unknown kind") << alg;
  }
  const std::string critical = base64url(replaced(s.part(0), "\"typ\"", "\"crit\":[\"b64\"],\"typ\""));
  EXPECT_EQ(s.fault(critical + rest), "the access token is of an unknown kind");
}

TEST(KeyRing, RefusesATokenWithAnyBitTurned) {
  const Signed s;
  for (size_t i = 0; i < s.token.size(); ++i) {
    std::string tampered = s.token;
    tampered[i] = tampered[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(s.keys.verify(tampered, kNow).token) << i;
  }
}

TEST(KeyRing, RefusesWhatIsNoToken) {
  const Signed s;
  for (const std::string& junk : {std::string(), std::string("."), std::string(".."), std::string("a.b"), s.token + ".",
                                  s.token + "=", s.token.substr(0, s.token.rfind('.')), std::string(5000, 'A'),
                                  base64url("[]") + "." + base64url("[]") + ".", " " + s.token})
    EXPECT_FALSE(s.keys.verify(junk, kNow).token) << junk;
  EXPECT_FALSE(read_unchecked("a.b.c"));
}

// Claims that only this program's own key could have signed are still checked: a key may serve more than one purpose.
class SignedByHand : public testing::Test {
 protected:
  SignedByHand() {
    public_.resize(crypto_sign_PUBLICKEYBYTES);
    const std::string seed(SigningKey::kSeedBytes, 's');
    keys_.emplace(std::vector<RingKey>{{SigningKey(Secret(seed)), Time{0}}});
    crypto_sign_seed_keypair(bytes(public_), secret_, bytes(seed));
  }
  std::string_view fault(const std::string& from, const std::string& to) const {
    const std::string token = keys_->sign(user_, UserRole::kMerchant, session_, kNow);
    const size_t one = token.find('.'), two = token.rfind('.');
    const std::string claims = *from_base64url(token.substr(one + 1, two - one - 1));
    const std::string text = token.substr(0, one + 1) + base64url(replaced(claims, from, to));
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(bytes(signature), nullptr, bytes(text), text.size(), secret_);
    return keys_->verify(text + "." + base64url(signature), kNow).fault;
  }

  static unsigned char* bytes(const std::string& s) {
    return reinterpret_cast<unsigned char*>(const_cast<char*>(s.data()));
  }
  SeededRandom random_{3};
  std::string public_;
  unsigned char secret_[crypto_sign_SECRETKEYBYTES];
  std::optional<KeyRing> keys_;
  UserId user_ = UserId::mint(kNow, 5, random_);
  Uuid session_ = mint_uuid(kNow, 0, random_);
};

TEST_F(SignedByHand, IsGoodWhenNothingIsChanged) { EXPECT_EQ(fault("stoa", "stoa"), ""); }

TEST_F(SignedByHand, IsRefusedForAnotherAudienceOrIssuer) {
  EXPECT_EQ(fault(R"("aud":"stoa")", R"("aud":"shop")"), "the access token is meant for someone else");
  EXPECT_EQ(fault(R"("iss":"stoa")", R"("iss":"shop")"), "the access token is meant for someone else");
}

TEST_F(SignedByHand, IsRefusedWithoutItsClaims) {
  for (const char* claim : {"sub", "role", "sid", "exp"})
    EXPECT_EQ(fault(std::string("\"") + claim + "\"", "\"x\""), "the access token lacks a claim") << claim;
  EXPECT_EQ(fault("merchant", "service"), "the access token lacks a claim");
  EXPECT_EQ(fault("merchant", "anonymous"), "the access token lacks a claim");
  EXPECT_EQ(fault("\"iat\"", "\"x\""), "the access token is not valid yet");
}

// Two keys, the second of which begins to sign a minute after kNow.
std::vector<RingKey> two_keys() {
  return {{SigningKey(Secret(std::string(32, 'a'))), Time{0}},
          {SigningKey(Secret(std::string(32, 'b'))), after(kNow, 60'000)}};
}

TEST(KeyRing, SignsWithTheNewestKeyThatIsInUse) {
  const KeyRing keys(two_keys());
  EXPECT_EQ(keys.key_id(kNow), two_keys()[0].key.id());
  EXPECT_EQ(keys.key_id(after(kNow, 60'000)), two_keys()[1].key.id());
}

TEST(KeyRing, VerifiesByEveryKeyItHolds) {
  Signed s;
  s.keys.replace(two_keys());
  const std::string early = s.keys.sign(s.user, UserRole::kAdmin, s.session, kNow);
  const std::string late = s.keys.sign(s.user, UserRole::kAdmin, s.session, after(kNow, 60'000));
  EXPECT_EQ(s.fault(early), "");
  EXPECT_EQ(s.fault(late), "");
  EXPECT_EQ(s.fault(s.token), "the access token is signed with an unknown key");
  const auto set = *parse_json(s.keys.jwks());
  EXPECT_EQ(set["keys"].size(), 2u);
}

TEST(KeyRing, WithoutKeysSignsNothingAndTakesNothing) {
  const Signed s;
  const KeyRing none;
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.sign(s.user, UserRole::kAdmin, s.session, kNow), "");
  EXPECT_FALSE(none.verify(s.token, kNow).token);
  EXPECT_EQ(none.jwks(), R"({"keys":[]})");
}

TEST(KeyRing, IsReadWhileItIsReplaced) {
  Signed s;
  KeyRing keys(two_keys());
  const std::string token = keys.sign(s.user, UserRole::kAdmin, s.session, kNow);
  std::thread reader([&] {
    for (int i = 0; i < 200; ++i) EXPECT_TRUE(keys.verify(token, kNow).token);
  });
  for (int i = 0; i < 200; ++i) keys.replace(two_keys());
  reader.join();
}

TEST(KeyRing, ShowsItsPublicKeyOnly) {
  const Signed s;
  const auto set = *parse_json(s.keys.jwks());
  ASSERT_EQ(set["keys"].size(), 1u);
  const auto& key = set["keys"][0];
  EXPECT_EQ(key["kty"], "OKP");
  EXPECT_EQ(key["crv"], "Ed25519");
  EXPECT_EQ(key["kid"], s.keys.key_id(kNow));
  EXPECT_EQ(from_base64url(key["x"].get<std::string>())->size(), 32u);
  EXPECT_FALSE(key.contains("d"));
}

}  // namespace
}  // namespace stoa::user
