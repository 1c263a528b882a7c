#include "gateway/token_cache.hpp"

#include "gateway/digest.hpp"

namespace stoa {
namespace {

constexpr size_t kLongestToken = 4096;

}  // namespace

std::variant<Verified, AuthFault> TokenCache::verify(std::string_view bearer, Time now) {
  if (bearer.empty() || bearer.size() > kLongestToken) return AuthFault::kMalformed;
  std::string name = sha256({bearer});
  if (const auto found = known_.find(name); found != known_.end()) {
    if (found->second.expires <= now) {
      known_.erase(found);
      return AuthFault::kExpired;
    }
    if (authenticator_.revoked(found->second)) return AuthFault::kRevoked;
    return found->second;
  }
  auto answer = authenticator_.verify(bearer, now);
  const auto* good = std::get_if<Verified>(&answer);
  if (good == nullptr) return answer;
  if (good->expires <= now) return AuthFault::kExpired;
  if (authenticator_.revoked(*good)) return AuthFault::kRevoked;
  if (known_.size() >= most_) make_room(now);
  known_.emplace(std::move(name), *good);
  return answer;
}

void TokenCache::make_room(Time now) {
  for (auto it = known_.begin(); it != known_.end();) it = it->second.expires <= now ? known_.erase(it) : std::next(it);
  if (known_.size() >= most_) known_.clear();
}

}  // namespace stoa
