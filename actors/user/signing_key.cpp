#include "actors/user/signing_key.hpp"

#include <sodium.h>

#include "actors/user/base64url.hpp"
#include "base/check.hpp"

namespace stoa::user {
namespace {

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// With its members in the order of RFC 7638.
std::string canonical(const std::string& public_key) {
  return R"({"crv":"Ed25519","kty":"OKP","x":")" + base64url(public_key) + "\"}";
}

}  // namespace

SigningKey::SigningKey(const Secret& seed) {
  STOA_CHECK(sodium_init() >= 0, "libsodium starts");
  STOA_CHECK(seed.reveal().size() == kSeedBytes, "a seed has 32 bytes");
  std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
  public_key_.resize(crypto_sign_PUBLICKEYBYTES);
  crypto_sign_seed_keypair(bytes_of(public_key_), bytes_of(secret), bytes_of(seed.reveal()));
  secret_key_ = Secret(std::move(secret));
  const std::string key = canonical(public_key_);
  std::string thumbprint(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(bytes_of(thumbprint), bytes_of(std::string_view(key)), key.size());
  id_ = base64url(thumbprint);
  header_ = base64url(R"({"alg":"EdDSA","typ":"JWT","kid":")" + id_ + "\"}");
}

Secret SigningKey::new_seed() {
  STOA_CHECK(sodium_init() >= 0, "libsodium starts");
  std::string seed(kSeedBytes, '\0');
  randombytes_buf(seed.data(), seed.size());
  return Secret(std::move(seed));
}

std::string SigningKey::public_key() const { return base64url(public_key_); }

std::string SigningKey::jwk() const {
  return R"({"kty":"OKP","crv":"Ed25519","x":")" + public_key() + R"(","kid":")" + id_ +
         R"(","use":"sig","alg":"EdDSA"})";
}

std::string SigningKey::sign(std::string_view text) const {
  std::string out(crypto_sign_BYTES, '\0');
  crypto_sign_detached(bytes_of(out), nullptr, bytes_of(text), text.size(), bytes_of(secret_key_.reveal()));
  return out;
}

bool SigningKey::verify(std::string_view text, std::string_view signature) const {
  return signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(bytes_of(signature), bytes_of(text), text.size(),
                                     bytes_of(std::string_view(public_key_))) == 0;
}

}  // namespace stoa::user
