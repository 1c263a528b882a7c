// What a shard of the user service stores. Of passwords and refresh tokens only hashes.
#pragma once

#include <string>
#include <tuple>

#include "actors/user/types.hpp"
#include "storage/key.hpp"

namespace stoa {

struct UserRecord {
  static constexpr Table kTable = 1;
  UserId id;
  std::string email;  // as given; empty once deleted, like name and hash
  std::string name;
  UserRole role = UserRole::kCustomer;
  std::string password_hash;
  Time created_at;
  bool deleted = false;

  UserId key() const { return id; }
};
template <class V>
void fields(V& v, UserRecord& x) {
  v(1, "id", x.id);
  v(2, "email", x.email);
  v(3, "name", x.name);
  v(4, "role", x.role);
  v(5, "password_hash", x.password_hash);
  v(6, "created_at", x.created_at);
  v(7, "deleted", x.deleted);
}

// Who has an email.
struct EmailRecord {
  static constexpr Table kTable = 2;
  std::string email;  // lowered
  UserId user_id;

  const std::string& key() const { return email; }
};
template <class V>
void fields(V& v, EmailRecord& x) {
  v(1, "email", x.email);
  v(2, "user_id", x.user_id);
}

// A session that goes on. Rotation changes its hash; what ends is erased.
struct SessionRecord {
  static constexpr Table kTable = 3;
  UserId user_id;
  Uuid session_id;
  std::string refresh_hash;  // of the secret in the one refresh token that counts
  Time opened_at;

  std::tuple<UserId, Uuid> key() const { return {user_id, session_id}; }
};
template <class V>
void fields(V& v, SessionRecord& x) {
  v(1, "user_id", x.user_id);
  v(2, "session_id", x.session_id);
  v(3, "refresh_hash", x.refresh_hash);
  v(4, "opened_at", x.opened_at);
}

// A session that was ended, kept while access tokens of it may be about.
struct RevocationRecord {
  static constexpr Table kTable = 4;
  Time at;
  Uuid session_id;
  Time until;

  std::tuple<Time, Uuid> key() const { return {at, session_id}; }
};
template <class V>
void fields(V& v, RevocationRecord& x) {
  v(1, "at", x.at);
  v(2, "session_id", x.session_id);
  v(3, "until", x.until);
}

}  // namespace stoa
