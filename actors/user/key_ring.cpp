#include "actors/user/key_ring.hpp"

#include <algorithm>
#include <sodium.h>
#include <utility>

#include "actors/user/base64url.hpp"
#include "actors/user/credentials_types.hpp"
#include "base/json.hpp"

namespace stoa::user {
namespace {

constexpr std::string_view kIssuer = "stoa";
constexpr size_t kLongestToken = 2048;     // bytes
constexpr int64_t kClockSkew_ms = 60'000;  // a token may come from a clock that is this far ahead

std::string random_bytes(size_t count) {
  std::string out(count, '\0');
  randombytes_buf(out.data(), out.size());
  return out;
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

// The newest that is in use; nullptr: none is.
const RingKey* signing(const std::vector<RingKey>& keys, Time now) {
  const RingKey* newest = nullptr;
  for (const RingKey& k : keys) {
    if (k.use_from <= now && (newest == nullptr || newest->use_from <= k.use_from)) newest = &k;
  }
  return newest;
}

}  // namespace

KeyRing::KeyRing(std::vector<RingKey> keys) { replace(std::move(keys)); }

KeyRing KeyRing::generate() { return KeyRing({{SigningKey(SigningKey::new_seed()), Time{0}}}); }

void KeyRing::replace(std::vector<RingKey> keys) {
  STOA_CHECK(sodium_init() >= 0, "libsodium starts");
  std::atomic_store(&keys_, std::make_shared<const std::vector<RingKey>>(std::move(keys)));
}

KeyRing::Snapshot KeyRing::snapshot() const { return std::atomic_load(&keys_); }

bool KeyRing::empty() const { return snapshot()->empty(); }

std::string KeyRing::key_id(Time now) const {
  const Snapshot keys = snapshot();
  const RingKey* key = signing(*keys, now);
  return key == nullptr ? "" : key->key.id();
}

std::string KeyRing::sign(UserId user, UserRole role, const Uuid& session_id, Time now) const {
  const Snapshot keys = snapshot();
  const RingKey* key = signing(*keys, now);
  if (key == nullptr) return {};
  const int64_t issued_s = now.ms / 1000;
  std::string claims = R"({"iss":")" + std::string(kIssuer) + R"(","aud":")" + std::string(kIssuer);
  claims += R"(","sub":")" + user.text() + R"(","role":")" + std::string(name_of(role));
  claims += R"(","sid":")" + session_id.hex() + R"(","jti":")" + base64url(random_bytes(16));
  claims += R"(","iat":)" + std::to_string(issued_s);
  claims += R"(,"exp":)" + std::to_string(issued_s + kAccessTokenLife_ms / 1000) + "}";
  std::string token = key->key.token_header() + "." + base64url(claims);
  return token + "." + base64url(key->key.sign(token));
}

TokenCheck KeyRing::verify(std::string_view token, Time now) const {
  const auto parts = split(token);
  if (!parts) return {std::nullopt, "the access token is malformed"};
  const auto header = decoded_object(parts->header);
  if (!header) return {std::nullopt, "the access token is malformed"};
  // Only what this program signs: no other algorithm, no "none", no critical extension.
  if (text_at(*header, "alg") != "EdDSA" || header->contains("crit"))
    return {std::nullopt, "the access token is of an unknown kind"};
  const Snapshot keys = snapshot();
  const std::string id = text_at(*header, "kid");
  const auto key = std::find_if(keys->begin(), keys->end(), [&](const RingKey& k) { return k.key.id() == id; });
  if (key == keys->end()) return {std::nullopt, "the access token is signed with an unknown key"};
  const auto signature = from_base64url(parts->signature);
  const std::string_view signed_text = token.substr(0, parts->header.size() + 1 + parts->payload.size());
  if (!signature || !key->key.verify(signed_text, *signature))
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
  std::string all;
  for (const RingKey& k : *snapshot()) all += (all.empty() ? "" : ",") + k.key.jwk();
  return R"({"keys":[)" + all + "]}";
}

std::optional<AccessToken> read_unchecked(std::string_view token) {
  const auto parts = split(token);
  const auto claims = parts ? decoded_object(parts->payload) : std::nullopt;
  return claims ? token_of(*claims) : std::nullopt;
}

}  // namespace stoa::user
