#include <tuple>
#include <utility>

#include "actors/user/rules.hpp"

namespace stoa {

struct SessionView {
  std::string access_token;
  std::string token_type = "Bearer";
  int64_t expires_in = kAccessTokenLife_ms / 1000;  // seconds
  std::string refresh_token;
};
template <class V>
void fields(V& v, SessionView& x) {
  v(1, "access_token", x.access_token);
  v(2, "token_type", x.token_type);
  v(3, "expires_in", x.expires_in);
  v(4, "refresh_token", x.refresh_token);
}

namespace user {
namespace {

SessionView view_of(const CredentialsResult& credentials) {
  SessionView view;
  view.access_token = credentials.access_token;
  view.refresh_token = credentials.refresh_token;
  return view;
}

Outcome wrong_password() { return refuse(kUnauthenticated, "the email or the password is wrong"); }
Outcome bad_refresh_token() { return refuse(kUnauthenticated, "the refresh token is not good (any more)"); }
Outcome not_a_service() { return refuse(kForbidden, "only the program itself does this"); }

std::string timer_key(UserId user, const Uuid& session) { return user.uuid.bytes() + session.bytes(); }

void keep(const SessionRecord& session, Transaction& tx) {
  tx.put(session);
  tx.set_timer(after(tx.now(), kSessionLife_ms), timer_key(session.user_id, session.session_id),
               ExpireSession{session.user_id, session.session_id});
}

// Whether the user is still as it was when the tokens were signed for it.
bool is_unchanged(const std::optional<UserRecord>& user, const CredentialsResult& credentials) {
  return user && !user->deleted && user->role == credentials.role;
}

}  // namespace

CredentialsPlan plan_open_session(const OpenSession& command, const Call&, const Reader& reader) {
  CredentialsRequest ask;
  ask.kind = CredentialsRequest::Kind::kLogin;
  ask.password = command.password;
  ask.now = reader.now();
  if (const auto known = reader.find<EmailRecord>(lowered_email(command.email))) {
    const auto user = reader.find<UserRecord>(known->user_id);
    STOA_CHECK(user.has_value(), "an email names a user");
    ask.stored_hash = user->password_hash;
    ask.user_id = user->id;
    ask.role = user->role;
  }
  return ask;
}

RecordSession session_tried(const OpenSession&, const std::string& result) {
  return {decode_stored<CredentialsResult>(result)};
}

Outcome record_session(const RecordSession& command, const Call&, Transaction& tx) {
  const CredentialsResult& c = command.credentials;
  if (c.failed) return refuse(kUnavailable, "passwords cannot be checked now");
  if (!c.verified || !is_unchanged(tx.find<UserRecord>(c.user_id), c)) return wrong_password();
  keep({c.user_id, c.session_id, c.refresh_hash, tx.now()}, tx);
  return created(view_of(c));
}

CredentialsPlan plan_refresh(const RefreshSession& command, const Call&, const Reader& reader) {
  const auto session = reader.find<SessionRecord>(std::tuple(command.user_id, command.session_id));
  if (!session) return bad_refresh_token();
  const auto user = reader.find<UserRecord>(command.user_id);
  STOA_CHECK(user.has_value(), "a session has a user");
  CredentialsRequest ask;
  ask.kind = CredentialsRequest::Kind::kRefresh;
  ask.user_id = command.user_id;
  ask.role = user->role;
  ask.session_id = command.session_id;
  ask.secret = command.secret;
  ask.now = reader.now();
  return ask;
}

RecordRefresh refresh_tried(const RefreshSession&, const std::string& result) {
  return {decode_stored<CredentialsResult>(result)};
}

Outcome record_refresh(const RecordRefresh& command, const Call&, Transaction& tx) {
  const CredentialsResult& c = command.credentials;
  if (c.failed) return refuse(kUnavailable, "tokens cannot be signed now");
  auto session = tx.find<SessionRecord>(std::tuple(c.user_id, c.session_id));
  if (!session || !is_unchanged(tx.find<UserRecord>(c.user_id), c)) return bad_refresh_token();
  if (session->refresh_hash != c.presented_hash) {
    end_session(*session, tx);
    // A refusal would take the end of the session back with it, so it is an answer given later: at once.
    const Uuid token = tx.mint<RequestId>(c.user_id.slot()).uuid;
    tx.answer(token, bad_refresh_token());
    return Outcome::later(token);
  }
  session->refresh_hash = c.refresh_hash;
  keep(*session, tx);
  return created(view_of(c));
}

void end_session(const SessionRecord& session, Transaction& tx) {
  tx.erase<SessionRecord>(session.key());
  tx.cancel_timer<ExpireSession>(timer_key(session.user_id, session.session_id));
  const Time until = after(tx.now(), kAccessTokenLife_ms);
  tx.put(RevocationRecord{tx.now(), session.session_id, until});
  tx.set_timer(after(until, 1000), session.session_id.bytes(), ForgetRevocation{tx.now(), session.session_id});
}

void end_sessions(UserId user, Transaction& tx) {
  std::vector<SessionRecord> sessions;
  tx.scan<SessionRecord>(user, false, [&](SessionRecord s) { return sessions.push_back(std::move(s)), true; });
  for (const SessionRecord& session : sessions) end_session(session, tx);
}

Outcome close_session(const CloseSession& command, const Call& call, Transaction& tx) {
  if (command.user_id.is_nil() || call.caller.user != command.user_id)
    return refuse(kNotFound, "there is no such session");
  // One that is not there has ended already.
  if (const auto session = tx.find<SessionRecord>(std::tuple(command.user_id, command.session_id)))
    end_session(*session, tx);
  return no_content();
}

Outcome list_revocations(const ListRevocations& query, const Call& call, const Reader& reader) {
  if (!call.caller.is(UserRole::kService)) return not_a_service();
  Revocations found;
  const auto each = [&](const RevocationRecord& r) {
    found.revocations.push_back({r.session_id, r.at, r.until});
    return true;
  };
  reader.scan_after<RevocationRecord>(std::tuple<>(), std::tuple(query.since, Uuid{}), false, each);
  return reply(found);
}

Outcome expire_session(const ExpireSession& command, const Call& call, Transaction& tx) {
  if (!call.caller.is(UserRole::kService)) return not_a_service();
  tx.erase<SessionRecord>(std::tuple(command.user_id, command.session_id));
  return no_content();
}

Outcome forget_revocation(const ForgetRevocation& command, const Call& call, Transaction& tx) {
  if (!call.caller.is(UserRole::kService)) return not_a_service();
  tx.erase<RevocationRecord>(std::tuple(command.at, command.session_id));
  return no_content();
}

}  // namespace user
}  // namespace stoa
