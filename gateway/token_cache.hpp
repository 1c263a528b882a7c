// Tokens that were verified, by their hash, until they expire. Bounded. One thread.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "gateway/authenticator.hpp"

namespace stoa {

class TokenCache {
 public:
  explicit TokenCache(Authenticator& authenticator, size_t most = 16 * 1024)
      : authenticator_(authenticator), most_(most) {}

  // Asks the authenticator about what is not remembered. Revocation is asked about every time.
  std::variant<Verified, AuthFault> verify(std::string_view bearer, Time now);
  size_t size() const { return known_.size(); }

 private:
  void make_room(Time now);

  Authenticator& authenticator_;
  const size_t most_;
  std::unordered_map<std::string, Verified> known_;
};

}  // namespace stoa
