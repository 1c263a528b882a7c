// Tells the gateway whom a token stands for: verified by the node's key ring, refused when its session has ended. What
// ended elsewhere is learnt from the user shards twice a second.
#pragma once

#include <functional>
#include <unordered_map>

#include "actors/runtime/router.hpp"
#include "actors/user/key_ring.hpp"
#include "base/clock.hpp"
#include "gateway/authenticator.hpp"

namespace stoa {

class TokenAuthenticator final : public Authenticator {
 public:
  // All outlive it; everything happens on the router's loop.
  TokenAuthenticator(const user::KeyRing& keys, Router& router, const Clock& clock)
      : keys_(keys), router_(router), clock_(clock) {}

  std::variant<Verified, AuthFault> verify(std::string_view bearer, Time now) override;
  bool revoked(const Verified& token) override { return ended_.count(token.session) > 0; }
  void revoke(const Verified& token) override { ended_[token.session] = token.expires; }

  // Ten times a second; asks when it is time to.
  void tick();
  // Whether the user shards were asked with success since the start: before, a log-out could be overlooked.
  bool knows_revocations() const { return known_; }

 private:
  void learn(const std::vector<Answer>& answers);

  const user::KeyRing& keys_;
  Router& router_;
  const Clock& clock_;
  std::unordered_map<Uuid, Time> ended_;  // sessions, until when a token of theirs could still be good
  Time since_;                            // of the newest revocation known
  Time ask_at_;
  bool asking_ = false;
  bool known_ = false;
};

}  // namespace stoa
