#include "app/effects.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "actors/payment/provider_types.hpp"

namespace stoa {
namespace {

// Argon2id takes 20 ms and 19 MiB a time, so a long queue would only answer late.
constexpr size_t kMaxQueued = 256;

size_t password_threads() { return std::max(1u, std::thread::hardware_concurrency()); }

}  // namespace

Effects::Effects(const user::KeyRing& keys, Loop& loop)
    : loop_(loop),
      credentials_(keys),
      provider_([this](int64_t ms, std::function<void()> work) { after_ms(ms, std::move(work)); }),
      pool_(password_threads(), kMaxQueued) {}

Effects::~Effects() = default;

std::map<std::string, EffectAdapter> Effects::adapters() {
  return {{std::string(kCredentialsAdapter),
           [this](const std::string&, const std::string& request, std::function<void(std::string)> done) {
             const bool queued = pool_.submit(
                 [this, request, done] { loop_.post([done, result = credentials_.run(request)] { done(result); }); });
             if (queued) return;
             CredentialsResult full;
             full.failed = true;
             loop_.post([done, result = encode(full)] { done(result); });
           }},
          {kPaymentProvider,
           [this](const std::string& key, const std::string& request, std::function<void(std::string)> done) {
             provider_.perform(key, request, std::move(done));
           }}};
}

void Effects::hash_password(const std::string& password, std::function<void(std::string)> done) {
  const bool queued = pool_.submit([this, password, done] {
    loop_.post([done, hash = user::hash_password(password).value_or("")] { done(hash); });
  });
  if (!queued) loop_.post([done] { done(""); });
}

void Effects::after_ms(int64_t ms, std::function<void()> work) {
  if (ms == 0) return loop_.post(std::move(work));
  const auto timer = timers_.emplace(timers_.end(), loop_.context(), std::chrono::milliseconds(ms));
  timer->async_wait([this, timer, work = std::move(work)](boost::system::error_code stopped) {
    if (stopped) return;  // with the loop; then the list is gone too
    timers_.erase(timer);
    work();
  });
}

}  // namespace stoa
