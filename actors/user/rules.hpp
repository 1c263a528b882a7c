// The business of the user service. Where a password is hashed or a token signed, the command becomes a plan (what to
// ask of the credentials adapter), and then a command of its own that records what came of it.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/user/credentials_types.hpp"
#include "actors/user/records.hpp"
#include "actors/user/types.hpp"
#include "base/call.hpp"
#include "base/outcome.hpp"
#include "storage/transaction.hpp"

namespace stoa {

// RegisterUser, its password hashed.
struct RecordUser {
  static constexpr std::string_view kName = "RecordUser";
  UserId id;
  std::string email;
  std::string name;
  CredentialsResult credentials;
};
template <class V>
void fields(V& v, RecordUser& x) {
  v(1, "id", x.id);
  v(2, "email", x.email);
  v(3, "name", x.name);
  v(4, "credentials", x.credentials);
}

// OpenSession, its password tried.
struct RecordSession {
  static constexpr std::string_view kName = "RecordSession";
  CredentialsResult credentials;
};
template <class V>
void fields(V& v, RecordSession& x) {
  v(1, "credentials", x.credentials);
}

// RefreshSession, with the tokens that will follow if the one presented is good.
struct RecordRefresh {
  static constexpr std::string_view kName = "RecordRefresh";
  CredentialsResult credentials;
};
template <class V>
void fields(V& v, RecordRefresh& x) {
  v(1, "credentials", x.credentials);
}

// The shard's own timers: a session was not refreshed in time; access tokens of an ended one are all past.
struct ExpireSession {
  static constexpr std::string_view kName = "ExpireSession";
  UserId user_id;
  Uuid session_id;
};
template <class V>
void fields(V& v, ExpireSession& x) {
  v(1, "user_id", x.user_id);
  v(2, "session_id", x.session_id);
}
struct ForgetRevocation {
  static constexpr std::string_view kName = "ForgetRevocation";
  Time at;
  Uuid session_id;
};
template <class V>
void fields(V& v, ForgetRevocation& x) {
  v(1, "at", x.at);
  v(2, "session_id", x.session_id);
}

namespace user {

// An answer that is known already, or what the credentials adapter must do first.
using CredentialsPlan = std::variant<Outcome, CredentialsRequest>;

// What the types of the fields do not say of a client's document: the form of an email, the roles a user may have.
std::vector<FieldError> faults_of(const RegisterUser& command);
std::vector<FieldError> faults_of(const SetUserRole& command);
bool is_email(std::string_view text);

// 201 the user, a customer; email_taken.
CredentialsPlan plan_register(const RegisterUser& command, const Call& call, const Reader& reader);
RecordUser registered(const RegisterUser& command, const std::string& result);
Outcome record_user(const RecordUser& command, const Call& call, Transaction& tx);
Outcome seed_user(const SeedUser& command, const Call& call, Transaction& tx);

// The user to itself, admins and services; not_found to others. Deleted ones have neither email nor name.
Outcome get_user(const GetUser& query, const Call& call, const Reader& reader);
Outcome patch_user(const PatchUser& command, const Call& call, Transaction& tx);
Outcome set_user_role(const SetUserRole& command, const Call& call, Transaction& tx);
Outcome delete_user(const DeleteUser& command, const Call& call, Transaction& tx);

// 201 a pair of tokens; unauthenticated, whether the email or the password is wrong.
CredentialsPlan plan_open_session(const OpenSession& command, const Call& call, const Reader& reader);
RecordSession session_tried(const OpenSession& command, const std::string& result);
Outcome record_session(const RecordSession& command, const Call& call, Transaction& tx);

// 200 a new pair; unauthenticated. A token that was rotated away ends the session.
CredentialsPlan plan_refresh(const RefreshSession& command, const Call& call, const Reader& reader);
RecordRefresh refresh_tried(const RefreshSession& command, const std::string& result);
Outcome record_refresh(const RecordRefresh& command, const Call& call, Transaction& tx);

Outcome close_session(const CloseSession& command, const Call& call, Transaction& tx);
Outcome list_revocations(const ListRevocations& query, const Call& call, const Reader& reader);
Outcome expire_session(const ExpireSession& command, const Call& call, Transaction& tx);
Outcome forget_revocation(const ForgetRevocation& command, const Call& call, Transaction& tx);

// Ends every session of a user, or one.
void end_sessions(UserId user, Transaction& tx);
void end_session(const SessionRecord& session, Transaction& tx);

}  // namespace user
}  // namespace stoa
