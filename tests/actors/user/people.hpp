// What tests of the user service begin with: a shard whose credentials adapter is answered by the test, at no cost.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "actors/user/rules.hpp"
#include "tests/actors/rules_fixture.hpp"

namespace stoa::user {

struct People : RulesFixture {
  UserId a_user(const std::string& email, UserRole role = UserRole::kCustomer) {
    const UserId id = UserId::mint(now, slot_of_email(email), random);
    must(seed_user, SeedUser{id, email, "Name of " + email, role, "hash of " + email});
    return id;
  }
  static Call by(UserId user, UserRole role = UserRole::kCustomer) { return call_by(role, user); }

  // What the adapter would say to a request.
  std::string answer(const CredentialsRequest& request, bool right_password = true) {
    CredentialsResult r;
    r.user_id = request.user_id;
    r.role = request.role;
    r.password_hash = "hash of " + request.password;
    r.verified = !request.stored_hash.empty() && right_password;
    r.presented_hash = "hash of " + request.secret;
    r.session_id = request.kind == CredentialsRequest::Kind::kRefresh ? request.session_id : mint_uuid(now, 0, random);
    const std::string secret = std::to_string(++secrets_);
    r.access_token = "access " + secret;
    r.refresh_token = secret;
    r.refresh_hash = "hash of " + secret;
    return encode(r);
  }

  Outcome sign_up(const RegisterUser& command) {
    CredentialsPlan plan = plan_register(command, {}, reader());
    if (auto* known = std::get_if<Outcome>(&plan)) return std::move(*known);
    return run(record_user, registered(command, answer(std::get<CredentialsRequest>(plan))));
  }

  struct Login {
    Outcome outcome;
    Uuid session_id;
    std::string secret;
  };
  Login log_in(const std::string& email, bool right_password = true) {
    const OpenSession command{email, "a password, twelve"};
    const auto plan = plan_open_session(command, {}, reader());
    const RecordSession record = session_tried(command, answer(std::get<CredentialsRequest>(plan), right_password));
    Outcome outcome = run(record_session, record);
    return {std::move(outcome), record.credentials.session_id, record.credentials.refresh_token};
  }
  Login refresh(UserId user, const Uuid& session, const std::string& secret) {
    const RefreshSession command{user, session, secret};
    CredentialsPlan plan = plan_refresh(command, {}, reader());
    if (auto* known = std::get_if<Outcome>(&plan)) return {std::move(*known), session, {}};
    const RecordRefresh record = refresh_tried(command, answer(std::get<CredentialsRequest>(plan)));
    Outcome outcome = run(record_refresh, record);
    return {std::move(outcome), session, record.credentials.refresh_token};
  }

  std::vector<Revocation> revoked(Time since = {}) const {
    return decode<Revocations>(ask(list_revocations, ListRevocations{since}).answer.body)->revocations;
  }

 private:
  int secrets_ = 0;
};

}  // namespace stoa::user
