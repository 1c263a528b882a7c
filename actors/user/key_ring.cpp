#include "actors/user/key_ring.hpp"

#include <sodium.h>
#include <utility>

#include "actors/user/base64url.hpp"
#include "actors/user/credentials_types.hpp"
#include "actors/user/key_file.hpp"
#include "base/json.hpp"

namespace stoa::user {
namespace {

constexpr std::string_view kIssuer = "stoa";
constexpr size_t kLongestToken = 2048;     // bytes
constexpr int64_t kClockSkew_ms = 60'000;  // a token may come from a clock that is this far ahead

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string random_bytes(size_t count) {
  std::string out(count, '\0');
  randombytes_buf(out.data(), out.size());
  return out;
}

std::string json_web_key(const std::string& public_key) {
  return R"({"crv":"Ed25519","kty":"OKP","x":")" + base64url(public_key) + "\"}";
}

struct Parts {
  std::string_view header, payload, signature;
};

std::optional<Parts> split(std::string_view token) {
  const size_t one = token.find('.');
  if (one == std::string_view::npos || token.size() > kLongestToken) return std::nullopt;
  const size_t two = token.find('.', one + 1);
  if (two == std::string_view::npos || token.find('.', two + 1) != std::string_view::npos) return std::nullopt;
  return Parts{token.substr(0, one), token.substr(one + 1, two - one - 1), token.substr(two + 1)};
}

std::optional<nlohmann::json> decoded_object(std::string_view part) {
  const auto text = from_base64url(part);
  if (!text) return std::nullopt;
  auto json = parse_json(*text);
  if (!json || !json->is_object()) return std::nullopt;
  return std::move(*json);
}

std::string text_at(const nlohmann::json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Whole seconds since the epoch that milliseconds can hold, as this program writes them.
std::optional<Time> time_at(const nlohmann::json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  const auto seconds = found->get<int64_t>();
  if (seconds < 0 || seconds > 253'402'300'799) return std::nullopt;
  return Time{seconds * 1000};
}

bool may_hold_tokens(UserRole role) { return role != UserRole::kAnonymous && role != UserRole::kService; }

std::optional<AccessToken> token_of(const nlohmann::json& claims) {
  const auto user = UserId::parse(text_at(claims, "sub"));
  const auto role = value_named<UserRole>(text_at(claims, "role"));
  const auto session = Uuid::from_hex(text_at(claims, "sid"));
  const auto expires = time_at(claims, "exp");
  if (!user || user->is_nil() || !role || !may_hold_tokens(*role) || !session || !expires) return std::nullopt;
  return AccessToken{{*user, *role}, *session, *expires};
}

}  // namespace

KeyRing::KeyRing(Secret seed) {
  STOA_CHECK(sodium_init() >= 0, "libsodium starts");
  std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
  public_key_.resize(crypto_sign_PUBLICKEYBYTES);
  crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(public_key_.data()),
                           reinterpret_cast<unsigned char*>(secret.data()), bytes_of(seed.reveal()));
  secret_key_ = Secret(std::move(secret));
  const std::string key = json_web_key(public_key_);
  std::string thumbprint(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(thumbprint.data()), bytes_of(key), key.size());
  key_id_ = base64url(thumbprint);
  header_ = base64url(R"({"alg":"EdDSA","typ":"JWT","kid":")" + key_id_ + "\"}");
}

Result<KeyRing> KeyRing::open(const std::string& path) {
  STOA_CHECK(sodium_init() >= 0, "libsodium starts");
  auto seed = open_key_file(path);
  if (!seed) return seed.error();
  return KeyRing(std::move(*seed));
}

KeyRing KeyRing::generate() {
  STOA_CHECK(sodium_init() >= 0, "libsodium starts");
  return KeyRing(Secret(random_bytes(crypto_sign_SEEDBYTES)));
}

std::string KeyRing::signature_of(std::string_view text) const {
  std::string out(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(out.data()), nullptr, bytes_of(text), text.size(),
                       bytes_of(secret_key_.reveal()));
  return out;
}

std::string KeyRing::sign(UserId user, UserRole role, const Uuid& session_id, Time now) const {
  const int64_t issued_s = now.ms / 1000;
  std::string claims = R"({"iss":")" + std::string(kIssuer) + R"(","aud":")" + std::string(kIssuer);
  claims += R"(","sub":")" + user.text() + R"(","role":")" + std::string(name_of(role));
  claims += R"(","sid":")" + session_id.hex() + R"(","jti":")" + base64url(random_bytes(16));
  claims += R"(","iat":)" + std::to_string(issued_s);
  claims += R"(,"exp":)" + std::to_string(issued_s + kAccessTokenLife_ms / 1000) + "}";
  std::string token = header_ + "." + base64url(claims);
  return token + "." + base64url(signature_of(token));
}

TokenCheck KeyRing::verify(std::string_view token, Time now) const {
  const auto parts = split(token);
  if (!parts) return {std::nullopt, "the access token is malformed"};
  const auto header = decoded_object(parts->header);
  if (!header) return {std::nullopt, "the access token is malformed"};
  // Only what this program signs: no other algorithm, no "none", no critical extension.
  if (text_at(*header, "alg") != "EdDSA" || header->contains("crit"))
    return {std::nullopt, "the access token is of an unknown kind"};
  if (text_at(*header, "kid") != key_id_) return {std::nullopt, "the access token is signed with an unknown key"};
  const auto signature = from_base64url(parts->signature);
  const std::string_view signed_text = token.substr(0, parts->header.size() + 1 + parts->payload.size());
  if (!signature || signature->size() != crypto_sign_BYTES ||
      crypto_sign_verify_detached(bytes_of(*signature), bytes_of(signed_text), signed_text.size(),
                                  bytes_of(public_key_)) != 0)
    return {std::nullopt, "the access token's signature is wrong"};
  const auto claims = decoded_object(parts->payload);
  const auto read = claims ? token_of(*claims) : std::nullopt;
  if (!read) return {std::nullopt, "the access token lacks a claim"};
  if (text_at(*claims, "iss") != kIssuer || text_at(*claims, "aud") != kIssuer)
    return {std::nullopt, "the access token is meant for someone else"};
  if (now >= read->expires) return {std::nullopt, "the access token has expired"};
  const auto issued = time_at(*claims, "iat");
  if (!issued || *issued > after(now, kClockSkew_ms)) return {std::nullopt, "the access token is not valid yet"};
  return {read, {}};
}

std::string KeyRing::jwks() const {
  return R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":")" + base64url(public_key_) + R"(","kid":")" + key_id_ +
         R"(","use":"sig","alg":"EdDSA"}]})";
}

std::optional<AccessToken> read_unchecked(std::string_view token) {
  const auto parts = split(token);
  const auto claims = parts ? decoded_object(parts->payload) : std::nullopt;
  return claims ? token_of(*claims) : std::nullopt;
}

}  // namespace stoa::user
