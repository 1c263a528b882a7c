// The secrets that all gateways share: signing keys of access tokens, and the gateways' own secret. The catalog holds
// them sealed with the cluster's master key, which it never sees, and looks into none of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/outcome.hpp"
#include "base/record.hpp"

namespace stoa {

// A key is published this long before it signs, so that every gateway knows it by then.
inline constexpr int64_t kPublishedBefore_ms = 60'000;
// After the last token that it signed has expired, by clocks that may differ.
inline constexpr int64_t kKeptBeyond_ms = 60'000;

// A signing key as a node offers it, sealed.
struct SigningKeyOffer {
  std::string id;          // its thumbprint (RFC 7638)
  std::string public_key;  // base64url of its 32 bytes
  std::string sealed;      // the seed of 32 bytes
  std::string sealed_by;   // names the master key
};
template <class V>
void fields(V& v, SigningKeyOffer& x) {
  v(1, "id", x.id);
  v(2, "public_key", x.public_key);
  v(3, "sealed", x.sealed);
  v(4, "sealed_by", x.sealed_by);
}

struct SharedSigningKey {
  SigningKeyOffer key;
  Time added;
  Time use_from;  // signs from then on, until a newer one does
  Time until;     // no token of it is good after this; {0}: no newer one is known
};
template <class V>
void fields(V& v, SharedSigningKey& x) {
  v(1, "key", x.key);
  v(2, "added", x.added);
  v(3, "use_from", x.use_from);
  v(4, "until", x.until);
}

// The first key, which signs at once, and the gateways' secret. Whatever is there already stays, unless it is to be
// given up: the master key that could open it is lost.
struct OfferFirstKeys {
  static constexpr std::string_view kName = "OfferFirstKeys";
  SigningKeyOffer key;
  std::string sealed_secret;
  std::string by;
  bool replace = false;
};
template <class V>
void fields(V& v, OfferFirstKeys& x) {
  v(1, "key", x.key);
  v(2, "sealed_secret", x.sealed_secret);
  v(3, "by", x.by);
  v(4, "replace", x.replace);
}

// A new key takes over from the newest, which must be `after`, once it has been published for long enough.
struct RotateSigningKey {
  static constexpr std::string_view kName = "RotateSigningKey";
  SigningKeyOffer key;
  std::string after;          // id of the key that was the newest when this was decided
  int64_t token_life_ms = 0;  // of what the keys sign
  std::string by;
};
template <class V>
void fields(V& v, RotateSigningKey& x) {
  v(1, "key", x.key);
  v(2, "after", x.after);
  v(3, "token_life_ms", x.token_life_ms);
  v(4, "by", x.by);
}

// A timer: the key's last token has expired.
struct ForgetSigningKey {
  static constexpr std::string_view kName = "ForgetSigningKey";
  std::string id;
};
template <class V>
void fields(V& v, ForgetSigningKey& x) {
  v(1, "id", x.id);
}

struct KeysView {
  uint64_t version = 0;                // 0: there are none yet
  std::vector<SharedSigningKey> keys;  // oldest first
  std::string sealed_secret;           // of the gateways
};
template <class V>
void fields(V& v, KeysView& x) {
  v(1, "version", x.version);
  v(2, "keys", x.keys);
  v(3, "sealed_secret", x.sealed_secret);
}

}  // namespace stoa
