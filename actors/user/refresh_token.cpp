#include "actors/user/refresh_token.hpp"

#include <sodium.h>

#include "actors/user/base64url.hpp"

namespace stoa::user {
namespace {

constexpr std::string_view kMark = "rt_";
constexpr size_t kIdDigits = 32;
constexpr size_t kSecretBytes = 32;

}  // namespace

std::string RefreshToken::text() const {
  return std::string(kMark) + user_id.uuid.hex() + "_" + session_id.hex() + "_" + secret;
}

std::optional<RefreshToken> RefreshToken::parse(std::string_view text) {
  constexpr size_t kSession = kMark.size() + kIdDigits + 1, kSecret = kSession + kIdDigits + 1;
  if (text.size() <= kSecret || text.substr(0, kMark.size()) != kMark || text[kSession - 1] != '_' ||
      text[kSecret - 1] != '_')
    return std::nullopt;
  const auto user = Uuid::from_hex(text.substr(kMark.size(), kIdDigits));
  const auto session = Uuid::from_hex(text.substr(kSession, kIdDigits));
  const auto secret = from_base64url(text.substr(kSecret));
  if (!user || !session || !secret || secret->size() != kSecretBytes) return std::nullopt;
  return RefreshToken{UserId{*user}, *session, std::string(text.substr(kSecret))};
}

std::string new_refresh_secret() {
  std::string bytes(kSecretBytes, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return base64url(bytes);
}

std::string hash_of_secret(std::string_view secret) {
  std::string out(crypto_generichash_BYTES, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                     reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), nullptr, 0);
  return out;
}

}  // namespace stoa::user
