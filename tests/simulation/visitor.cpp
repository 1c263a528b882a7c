// What visitors do: an email has one user, whoever was told that it exists can log in, a session goes on as long as its
// newest token is used, and ends when an older one is.
#include "tests/simulation/client.hpp"

namespace stoa::whole {
namespace {

using nlohmann::json;

constexpr uint64_t kEmails = 6;  // of all visitors: they meet
constexpr size_t kMostSessions = 4;

std::string password_of(const std::string& email) { return "the password of " + email; }

}  // namespace

void Client::act_as_visitor() {
  const uint64_t what = below(100);
  if (what < 25) return sign_up();
  if (what < 45 && sessions_.size() < kMostSessions) return log_in();
  if (what < 90) return refresh();
  if (what < 96) return refresh_with_spent_token();
  use_revoked_session();
}

void Client::sign_up() {
  const std::string email = "visitor-" + std::to_string(below(kEmails)) + "@stoa.test";
  Question question = post("/v1/users", json{{"email", email}, {"password", password_of(email)}, {"name", "A"}}.dump());
  question.bearer.clear();
  insist(question, [this, email, question](const Response& r) {
    if (r.status == 409 && code_of(r) == "email_taken") return;
    if (r.status != 201) return shop_.unexpected(question, r);
    const std::string id = json::parse(r.body)["id"];
    if (shop_.users.try_emplace(email, id).first->second != id) shop_.broken("I5: an email has two users", question, r);
  });
}

void Client::log_in() {
  if (shop_.users.empty()) return done();
  auto user = shop_.users.begin();
  std::advance(user, static_cast<std::ptrdiff_t>(below(shop_.users.size())));
  Question question = post("/v1/sessions", json{{"email", user->first}, {"password", password_of(user->first)}}.dump());
  question.bearer.clear();
  insist(question, [this, question](const Response& r) {
    if (r.status == 401) return shop_.broken("I4: a user who was registered cannot log in", question, r);
    if (r.status != 201) return shop_.unexpected(question, r);
    sessions_.push_back({json::parse(r.body)["refresh_token"], ""});
  });
}

void Client::refresh() {
  if (sessions_.empty()) return done();
  const size_t at = below(sessions_.size());
  Question question = post("/v1/sessions/refresh", json{{"refresh_token", sessions_[at].token}}.dump());
  question.bearer.clear();
  insist(question, [this, at, question](const Response& r) {
    if (r.status == 401) return shop_.broken("I4: a session has ended by itself", question, r);
    if (r.status != 201) return shop_.unexpected(question, r);
    sessions_[at] = {json::parse(r.body)["refresh_token"], sessions_[at].token};
  });
}

// Somebody else may have it, so nobody is trusted any more.
void Client::refresh_with_spent_token() {
  if (sessions_.empty() || sessions_.back().spent.empty()) return done();
  const Session session = sessions_.back();
  sessions_.pop_back();
  Question question = post("/v1/sessions/refresh", json{{"refresh_token", session.spent}}.dump());
  question.bearer.clear();
  insist(question, [this, session, question](const Response& r) {
    if (r.status != 401) return shop_.broken("I5: a token was good twice", question, r);
    revoked_ = session.token;
  });
}

void Client::use_revoked_session() {
  if (revoked_.empty()) return done();
  Question question = post("/v1/sessions/refresh", json{{"refresh_token", revoked_}}.dump());
  question.bearer.clear();
  try_once(question, [this, question](const Response& r) {
    if (r.status != 401) shop_.broken("reading: a session goes on that was revoked", question, r);
  });
}

}  // namespace stoa::whole
