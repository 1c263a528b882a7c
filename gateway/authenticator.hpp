// Who a bearer token stands for. The gateway remembers what was verified, and asks for revocation on every request.
#pragma once

#include <string_view>
#include <variant>

#include "base/call.hpp"
#include "base/id.hpp"
#include "base/time.hpp"

namespace stoa {

enum class AuthFault : uint8_t { kMalformed, kUnknownKey, kBadSignature, kExpired, kNotYetValid, kRevoked };

struct Verified {
  Caller caller;
  Time expires;  // of the token: it is never remembered beyond
  Uuid session;  // what a log-out revokes; nil: none
};

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // Full verification, signature included. On the gateway's loop.
  virtual std::variant<Verified, AuthFault> verify(std::string_view bearer, Time now) = 0;
  // Asked for remembered tokens too, so it must be cheap.
  virtual bool revoked(const Verified& token) = 0;
  // The holder has logged out through this gateway: revoked() is true from now on, at least until token.expires.
  virtual void revoke(const Verified& token) = 0;
};

}  // namespace stoa
