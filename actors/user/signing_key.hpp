// One Ed25519 key pair that signs access tokens: what it is called, what it shows, what it signs.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace stoa::user {

// Immutable: any thread.
class SigningKey {
 public:
  static constexpr size_t kSeedBytes = 32;

  // REQUIRES a seed of kSeedBytes.
  explicit SigningKey(const Secret& seed);
  // A seed that is nowhere else.
  static Secret new_seed();

  const std::string& id() const { return id_; }  // its thumbprint (RFC 7638)
  std::string public_key() const;                // base64url of its 32 bytes
  std::string jwk() const;                       // a JSON Web Key (RFC 7517), public
  const std::string& token_header() const { return header_; }

  // 64 bytes (RFC 8032).
  std::string sign(std::string_view text) const;
  bool verify(std::string_view text, std::string_view signature) const;

 private:
  Secret secret_key_;  // 64 bytes, as libsodium wants it
  std::string public_key_;
  std::string id_;
  std::string header_;  // of every token, encoded
};

}  // namespace stoa::user
