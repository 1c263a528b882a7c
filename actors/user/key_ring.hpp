// The key that signs access tokens, and the check of a token. Tokens are JWTs (RFC 7519) signed with Ed25519 (EdDSA,
// RFC 8037). The key lies in a file of mode 0600, made at first use and synced before any token is signed with it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/call.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace stoa::user {

struct AccessToken {
  Caller caller;
  Uuid session_id;  // what a revocation names
  Time expires;
};

// Either the token, or what is wrong with it: a fixed sentence, fit for a client.
struct TokenCheck {
  std::optional<AccessToken> token;
  std::string_view fault;
};

// Immutable after it is made: any thread.
class KeyRing {
 public:
  // Reads the key file, or makes it. An error when others than its owner may read it, or it is damaged.
  static Result<KeyRing> open(const std::string& path);
  // A key that is nowhere else.
  static KeyRing generate();

  // A token with an id of its own, good from now for kAccessTokenLife_ms.
  std::string sign(UserId user, UserRole role, const Uuid& session_id, Time now) const;
  TokenCheck verify(std::string_view token, Time now) const;

  // The public key as a JSON Web Key Set (RFC 7517).
  std::string jwks() const;
  const std::string& key_id() const { return key_id_; }

 private:
  explicit KeyRing(Secret seed);

  std::string signature_of(std::string_view text) const;

  Secret secret_key_;  // 64 bytes, as libsodium wants it
  std::string public_key_;
  std::string key_id_;  // the key's thumbprint (RFC 7638)
  std::string header_;  // of every token, encoded
};

// What a token says, unchecked: for those who get it from one who has checked it.
std::optional<AccessToken> read_unchecked(std::string_view token);

}  // namespace stoa::user
