// What others may know of the user service: its commands, replies and refusals. Users are placed by their email; a
// user's sessions live beside the user.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.hpp"
#include "base/outcome.hpp"
#include "base/record.hpp"

namespace stoa {

// The form under which emails are compared: ASCII letters lowered, every other byte as it is. Frozen for ever.
inline std::string lowered_email(std::string_view email) {
  std::string out(email);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}
// The slot that a user's id is minted with, so that the second of two users with one email meets the first.
inline Slot slot_of_email(std::string_view email) { return slot_of(lowered_email(email)); }

// Commands that carry passwords or tokens are never stored: what follows from them is (see rules.hpp).

struct RegisterUser {
  static constexpr std::string_view kName = "RegisterUser";
  UserId id;  // minted with slot_of_email()
  std::string email;
  std::string password;
  std::string name;
};
template <class V>
void fields(V& v, RegisterUser& x) {
  v(1, "id", x.id, kInternal);
  v(2, "email", x.email, within(3, 254));
  v(3, "password", x.password, within(12, 256));
  v(4, "name", x.name, within(1, 100));
}

// A user made by the program itself: demo logins, the first admin. Service callers only. Does nothing when the email is
// known already; answers with the user who has it.
struct SeedUser {
  static constexpr std::string_view kName = "SeedUser";
  UserId id;  // minted with slot_of_email()
  std::string email;
  std::string name;
  UserRole role = UserRole::kCustomer;
  std::string password_hash;  // by user::hash_password()
};
template <class V>
void fields(V& v, SeedUser& x) {
  v(1, "id", x.id);
  v(2, "email", x.email);
  v(3, "name", x.name);
  v(4, "role", x.role);
  v(5, "password_hash", x.password_hash);
}

struct GetUser {
  static constexpr std::string_view kName = "GetUser";
  UserId id;
};
template <class V>
void fields(V& v, GetUser& x) {
  v(1, "id", x.id);
}

// By the user.
struct PatchUser {
  static constexpr std::string_view kName = "PatchUser";
  UserId id;
  std::optional<std::string> name;
};
template <class V>
void fields(V& v, PatchUser& x) {
  v(1, "id", x.id, kInternal);
  v(2, "name", x.name, within(1, 100));
}

// By an admin. Ends the user's sessions when the role changes, since their tokens carry the old one.
struct SetUserRole {
  static constexpr std::string_view kName = "SetUserRole";
  UserId id;
  UserRole role = UserRole::kCustomer;
};
template <class V>
void fields(V& v, SetUserRole& x) {
  v(1, "id", x.id, kInternal);
  v(2, "role", x.role);
}

// By the user: forgets who it was. The id stays, the email is free again.
struct DeleteUser {
  static constexpr std::string_view kName = "DeleteUser";
  UserId id;
};
template <class V>
void fields(V& v, DeleteUser& x) {
  v(1, "id", x.id);
}

struct OpenSession {
  static constexpr std::string_view kName = "OpenSession";
  std::string email;
  std::string password;
};
template <class V>
void fields(V& v, OpenSession& x) {
  v(1, "email", x.email, within(1, 254));
  v(2, "password", x.password, within(1, 256));
}

// Rotates a session's tokens. Presenting a refresh token that was rotated away ends the session: somebody else has it.
struct RefreshSession {
  static constexpr std::string_view kName = "RefreshSession";
  UserId user_id;
  Uuid session_id;
  std::string secret;  // of the refresh token
};
template <class V>
void fields(V& v, RefreshSession& x) {
  v(1, "user_id", x.user_id);
  v(2, "session_id", x.session_id);
  v(3, "secret", x.secret);
}

// By the user: neither its refresh token nor access tokens of this session count any more.
struct CloseSession {
  static constexpr std::string_view kName = "CloseSession";
  UserId user_id;
  Uuid session_id;
};
template <class V>
void fields(V& v, CloseSession& x) {
  v(1, "user_id", x.user_id);
  v(2, "session_id", x.session_id);
}

// For gateways, from every shard: the sessions that ended at `since` or later and may still have access tokens about.
struct ListRevocations {
  static constexpr std::string_view kName = "ListRevocations";
  Time since;
};
template <class V>
void fields(V& v, ListRevocations& x) {
  v(1, "since", x.since);
}

struct Revocation {
  Uuid session_id;
  Time at;
  Time until;  // no access token of the session is good after this
};
template <class V>
void fields(V& v, Revocation& x) {
  v(1, "session_id", x.session_id);
  v(2, "at", x.at);
  v(3, "until", x.until);
}

// Reply of ListRevocations, rising by `at`. Ask next since the last `at`: two may share it.
struct Revocations {
  std::vector<Revocation> revocations;
};
template <class V>
void fields(V& v, Revocations& x) {
  v(1, "revocations", x.revocations);
}

inline constexpr RefusalKind kEmailTaken{"email_taken"};

}  // namespace stoa
