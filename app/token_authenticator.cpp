#include "app/token_authenticator.hpp"

#include <algorithm>
#include <iterator>

#include "actors/service_number.hpp"
#include "actors/user/types.hpp"

namespace stoa {
namespace {

constexpr int64_t kAskEveryMs = 500;
constexpr int64_t kDeadlineMs = 5000;

}  // namespace

std::variant<Verified, AuthFault> TokenAuthenticator::verify(std::string_view bearer, Time now) {
  const user::TokenCheck check = keys_.verify(bearer, now);
  if (check.token) return Verified{check.token->caller, check.token->expires, check.token->session_id};
  const auto unchecked = user::read_unchecked(bearer);
  if (!unchecked) return AuthFault::kMalformed;
  return unchecked->expires <= now ? AuthFault::kExpired : AuthFault::kBadSignature;
}

void TokenAuthenticator::tick() {
  const Time now = clock_.now();
  if (asking_ || now < ask_at_) return;
  asking_ = true;
  ask_at_ = after(now, kAskEveryMs);
  Call call;
  call.caller.role = UserRole::kService;
  call.deadline = after(now, kDeadlineMs);
  router_.call_all(service_number::user, std::move(call), AnyCommand::of(ListRevocations{since_}),
                   [this](const std::vector<Answer>& answers) {
                     asking_ = false;
                     learn(answers);
                   });
  for (auto it = ended_.begin(); it != ended_.end();) it = it->second < now ? ended_.erase(it) : std::next(it);
}

void TokenAuthenticator::learn(const std::vector<Answer>& answers) {
  Time newest = since_;
  bool all = true;
  for (const Answer& answer : answers) {
    const auto list = answer.refused() ? std::nullopt : decode<Revocations>(answer.body);
    all = all && list.has_value();
    if (!list) continue;
    for (const Revocation& r : list->revocations) {
      ended_[r.session_id] = r.until;
      if (newest < r.at) newest = r.at;
    }
  }
  if (!all) return;
  // Shards' clocks are one clock here, but a commit may come a little after its time was taken.
  since_ = Time{std::max<int64_t>(since_.ms, newest.ms - kDeadlineMs)};
  known_ = true;
}

}  // namespace stoa
