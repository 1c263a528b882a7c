#include "app/key_keeper.hpp"

#include <utility>

#include "actors/user/base64url.hpp"
#include "actors/user/credentials_types.hpp"
#include "base/log.hpp"

namespace stoa {
namespace {

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kRetryMs = 5'000;

// 32 random bytes as text.
Secret new_secret() { return Secret(user::base64url(user::SigningKey::new_seed().reveal())); }

}  // namespace

KeyKeeper::KeyKeeper(MasterKey master, FormerKeys former, std::string node, user::KeyRing& ring, CatalogCaller& catalog,
                     OnKeys on_keys)
    : master_(std::move(master)),
      former_(std::move(former)),
      node_(std::move(node)),
      ring_(ring),
      catalog_(catalog),
      on_keys_(std::move(on_keys)) {}

void KeyKeeper::learn(const KeysView& view) {
  view_ = view;
  std::vector<user::RingKey> keys;
  for (const SharedSigningKey& shared : view.keys) {
    const auto seed = master_.open(shared.key.sealed);
    if (!seed) {
      fault_ = "the cluster's keys are sealed with the master key " + shared.key.sealed_by + ", and this node has " +
               master_.id() + ": give it the same secrets.master_key_file";
      return log_error("the cluster's keys cannot be opened", {{"why", fault_}});
    }
    keys.push_back({user::SigningKey(*seed), shared.use_from});
    took_over_ = took_over_ || (!former_.seed.empty() && seed->reveal() == former_.seed.reveal());
  }
  const auto secret = master_.open(view.sealed_secret);
  if (!secret) {
    fault_ = "the gateways' secret cannot be opened with this node's master key";
    return log_error("the cluster's keys cannot be opened", {{"why", fault_}});
  }
  fault_.clear();
  ring_.replace(std::move(keys));
  on_keys_(*secret);
}

SigningKeyOffer KeyKeeper::offer_of(const Secret& seed) const {
  const user::SigningKey key(seed);
  return {key.id(), key.public_key(), master_.seal(seed), master_.id()};
}

void KeyKeeper::offer(const Secret& seed, const Secret& secret, std::string by, bool replace,
                      CatalogCaller::OnAnswer reply) {
  catalog_.command(UserRole::kAdmin, OfferFirstKeys{offer_of(seed), master_.seal(secret), std::move(by), replace},
                   std::move(reply));
}

void KeyKeeper::offer_first() {
  asking_ = true;
  offer(former_.seed.empty() ? user::SigningKey::new_seed() : former_.seed,
        former_.gateway_secret.empty() ? new_secret() : former_.gateway_secret, node_, false,
        [this](const Answer& answer) {
          asking_ = false;
          if (answer.refused()) log_warn("the first keys were refused", {{"why", answer.detail}});
        });
}

void KeyKeeper::replace(const std::string& by, CatalogCaller::OnAnswer reply) {
  if (fault_.empty())
    return reply(refuse(kIllegalTransition, "this node can open the cluster's keys: rotate them instead").answer);
  offer(user::SigningKey::new_seed(), new_secret(), by, true, std::move(reply));
}

void KeyKeeper::tick(int64_t rotate_after_hours) {
  const Time now = catalog_.clock().now();
  if (asking_ || now < retry_at_) return;
  if (view_.version == 0) {
    retry_at_ = after(now, kRetryMs);
    return offer_first();
  }
  if (rotate_after_hours == 0 || !known()) return;
  const Time born = view_.keys.back().added;
  if (now < after(born, rotate_after_hours * kHourMs)) return;
  retry_at_ = after(now, kRetryMs);
  rotate("age", [](const Answer& answer) {
    // Another node was first, most likely.
    if (answer.refused()) log_debug("the signing key was not rotated", {{"why", answer.detail}});
  });
}

void KeyKeeper::rotate(const std::string& by, CatalogCaller::OnAnswer reply) {
  if (!known()) return reply(refuse(kUnavailable, "this node does not know the cluster's keys").answer);
  RotateSigningKey command{offer_of(user::SigningKey::new_seed()), view_.keys.back().key.id, kAccessTokenLife_ms, by};
  catalog_.command(UserRole::kAdmin, std::move(command), std::move(reply));
}

}  // namespace stoa
