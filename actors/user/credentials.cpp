#include "actors/user/credentials.hpp"

#include <sodium.h>

#include "actors/user/refresh_token.hpp"

namespace stoa::user {
namespace {

constexpr unsigned long long kPasses = 2;
constexpr size_t kMemory_bytes = 19 * 1024 * 1024;

// Of a password that nobody knows, with the parameters above: what is tried when there is no user.
const std::string& nobodys_hash() {
  static const std::string hash = [] {
    std::string password(32, '\0');
    randombytes_buf(password.data(), password.size());
    return hash_password(password).value_or("");
  }();
  return hash;
}

Uuid random_uuid() {
  std::string bytes(16, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return *Uuid::from_bytes(bytes);
}

}  // namespace

std::optional<std::string> hash_password(std::string_view password) {
  STOA_CHECK(sodium_init() >= 0, "libsodium starts");
  char out[crypto_pwhash_STRBYTES] = {};
  if (crypto_pwhash_str_alg(out, password.data(), password.size(), kPasses, kMemory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    return std::nullopt;
  return std::string(out);
}

bool is_password(std::string_view password, const std::string& hash) {
  STOA_CHECK(sodium_init() >= 0, "libsodium starts");
  if (hash.size() >= crypto_pwhash_STRBYTES) return false;
  char stored[crypto_pwhash_STRBYTES] = {};
  hash.copy(stored, hash.size());
  return crypto_pwhash_str_verify(stored, password.data(), password.size()) == 0;
}

// The hash is made now, so that the first login of nobody takes no longer than any other.
Credentials::Credentials(const KeyRing& keys) : keys_(keys) { nobodys_hash(); }

CredentialsResult Credentials::run(const CredentialsRequest& request) const {
  CredentialsResult result;
  result.user_id = request.user_id;
  result.role = request.role;
  switch (request.kind) {
    case CredentialsRequest::Kind::kHash: {
      auto hash = hash_password(request.password);
      result.failed = !hash;
      if (hash) result.password_hash = std::move(*hash);
      break;
    }
    case CredentialsRequest::Kind::kLogin: {
      const bool known = !request.stored_hash.empty();
      const bool right = is_password(request.password, known ? request.stored_hash : nobodys_hash());
      result.verified = known && right;
      result.session_id = random_uuid();
      if (result.verified) make_tokens(result, request.now);
      break;
    }
    case CredentialsRequest::Kind::kRefresh:
      result.presented_hash = hash_of_secret(request.secret);
      result.session_id = request.session_id;
      make_tokens(result, request.now);
      break;
  }
  return result;
}

std::string Credentials::run(const std::string& request) const {
  return encode(run(decode_stored<CredentialsRequest>(request)));
}

void Credentials::make_tokens(CredentialsResult& result, Time now) const {
  const RefreshToken refresh{result.user_id, result.session_id, new_refresh_secret()};
  result.access_token = keys_.sign(result.user_id, result.role, result.session_id, now);
  result.failed = result.access_token.empty();  // this node knows no key yet
  result.refresh_token = refresh.text();
  result.refresh_hash = hash_of_secret(refresh.secret);
}

}  // namespace stoa::user
