// Keeps a node's keys those of the cluster: opens what the catalog holds with the master key, offers the first keys
// when there are none, and lets a new key take over when it is asked for or the old one is old.
#pragma once

#include <functional>
#include <string>

#include "actors/catalog/master_key.hpp"
#include "actors/catalog/types_keys.hpp"
#include "actors/user/key_ring.hpp"
#include "app/catalog_call.hpp"

namespace stoa {

// What a single node had in files before the catalog held keys; empty where there was none.
struct FormerKeys {
  Secret seed;
  Secret gateway_secret;
};

class KeyKeeper {
 public:
  // The ring holds the new keys when this is called; the secret is the gateways'.
  using OnKeys = std::function<void(const Secret& gateway_secret)>;

  // All outlive it; everything happens on the caller's loop.
  KeyKeeper(MasterKey master, FormerKeys former, std::string node, user::KeyRing& ring, CatalogCaller& catalog,
            OnKeys on_keys);

  void learn(const KeysView& view);
  // Several times a second, once the catalog was heard. 0 hours: keys are never too old.
  void tick(int64_t rotate_after_hours);

  // A new key takes over. `reply` gets the catalog's answer.
  void rotate(const std::string& by, CatalogCaller::OnAnswer reply);

  // All keys are made anew: those that are there cannot be opened any more. Ends all sessions. Refused while they can.
  void replace(const std::string& by, CatalogCaller::OnAnswer reply);

  bool known() const { return fault_.empty() && view_.version != 0; }
  // Why the keys cannot be used; empty: they can, or are not there yet.
  const std::string& fault() const { return fault_; }
  const KeysView& view() const { return view_; }
  // What the catalog holds now is what was in the files, which are needed no longer.
  bool took_over() const { return took_over_; }

 private:
  SigningKeyOffer offer_of(const Secret& seed) const;
  void offer_first();
  void offer(const Secret& seed, const Secret& secret, std::string by, bool replace, CatalogCaller::OnAnswer reply);

  const MasterKey master_;
  const FormerKeys former_;
  const std::string node_;
  user::KeyRing& ring_;
  CatalogCaller& catalog_;
  const OnKeys on_keys_;
  KeysView view_;
  std::string fault_;
  Time retry_at_;
  bool asking_ = false;
  bool took_over_ = false;
};

}  // namespace stoa
