// What the user service asks of the adapter "credentials" and what it gets back. These records live in memory only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/call.hpp"
#include "base/record.hpp"

namespace stoa {

inline constexpr std::string_view kCredentialsAdapter = "credentials";

constexpr int64_t kAccessTokenLife_ms = 10 * 60'000;
constexpr int64_t kSessionLife_ms = 30LL * 24 * 3'600'000;  // of a session that is not refreshed

struct CredentialsRequest {
  enum class Kind : uint8_t {
    kHash = 0,     // a new user's password
    kLogin = 1,    // is it the password? then the tokens of a new session
    kRefresh = 2,  // new tokens of a session that there is
  };
  Kind kind = Kind::kHash;
  std::string password;     // kHash, kLogin
  std::string stored_hash;  // kLogin; empty: nobody has this email, which must take as long as a wrong password
  UserId user_id;           // kLogin, kRefresh: whose tokens
  UserRole role = UserRole::kAnonymous;
  Uuid session_id;     // kRefresh
  std::string secret;  // kRefresh: of the refresh token as presented
  Time now;
};
template <class V>
void fields(V& v, CredentialsRequest& x) {
  v(1, "kind", x.kind);
  v(2, "password", x.password);
  v(3, "stored_hash", x.stored_hash);
  v(4, "user_id", x.user_id);
  v(5, "role", x.role);
  v(6, "session_id", x.session_id);
  v(7, "secret", x.secret);
  v(8, "now", x.now);
}

struct CredentialsResult {
  bool failed = false;         // the machine had no memory for it: nothing below counts
  std::string password_hash;   // kHash
  bool verified = false;       // kLogin: it is the password
  std::string presented_hash;  // kRefresh: of the secret
  UserId user_id;              // kLogin, kRefresh: as asked; then the new tokens
  UserRole role = UserRole::kAnonymous;
  Uuid session_id;
  std::string access_token;
  std::string refresh_token;
  std::string refresh_hash;
};
template <class V>
void fields(V& v, CredentialsResult& x) {
  v(1, "failed", x.failed);
  v(2, "password_hash", x.password_hash);
  v(3, "verified", x.verified);
  v(4, "presented_hash", x.presented_hash);
  v(5, "user_id", x.user_id);
  v(6, "role", x.role);
  v(7, "session_id", x.session_id);
  v(8, "access_token", x.access_token);
  v(9, "refresh_token", x.refresh_token);
  v(10, "refresh_hash", x.refresh_hash);
}

}  // namespace stoa
