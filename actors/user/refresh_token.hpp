// Refresh tokens: "rt_<user>_<session>_<secret>". The ids lead to the session; the secret, 32 random bytes, is what
// must be known. Only a hash of it is stored: it is too random to be guessed, so a plain hash will do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"

namespace stoa::user {

struct RefreshToken {
  UserId user_id;
  Uuid session_id;
  std::string secret;  // as text

  std::string text() const;
  // nullopt for what text() would not have written.
  static std::optional<RefreshToken> parse(std::string_view text);
};

std::string new_refresh_secret();
std::string hash_of_secret(std::string_view secret);

}  // namespace stoa::user
