// The keys that sign access tokens, and the check of a token. Tokens are JWTs (RFC 7519) signed with Ed25519 (EdDSA,
// RFC 8037). All gateways of a cluster have the same keys; they change while the node runs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/user/signing_key.hpp"
#include "base/call.hpp"
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

struct RingKey {
  SigningKey key;
  Time use_from;  // signs from then on, until a newer one does
};

// Any thread. Who reads sees the keys before or after a replacement, never a mixture.
class KeyRing {
 public:
  // Without keys nothing is signed and nothing is good.
  explicit KeyRing(std::vector<RingKey> keys = {});
  // Of one key that is nowhere else.
  static KeyRing generate();

  void replace(std::vector<RingKey> keys);
  bool empty() const;

  // A token with an id of its own, good from now for kAccessTokenLife_ms; empty while no key is in use.
  std::string sign(UserId user, UserRole role, const Uuid& session_id, Time now) const;
  // By any key of the ring.
  TokenCheck verify(std::string_view token, Time now) const;

  // The public keys as a JSON Web Key Set (RFC 7517): those that will sign, do, and did.
  std::string jwks() const;
  // Of the key that signs; empty: none does.
  std::string key_id(Time now) const;

 private:
  using Snapshot = std::shared_ptr<const std::vector<RingKey>>;
  Snapshot snapshot() const;

  Snapshot keys_;  // by atomic_load and atomic_store
};

// What a token says, unchecked: for those who get it from one who has checked it.
std::optional<AccessToken> read_unchecked(std::string_view token);

}  // namespace stoa::user
