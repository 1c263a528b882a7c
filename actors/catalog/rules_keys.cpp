#include <algorithm>

#include "actors/catalog/directory_store.hpp"
#include "actors/catalog/records.hpp"
#include "actors/catalog/rules.hpp"

namespace stoa::catalog {
namespace {

constexpr uint64_t kOnly = 0;

KeysRecord record_of(const Reader& reader) { return reader.find<KeysRecord>(kOnly).value_or(KeysRecord{}); }

void write(KeysRecord record, Transaction& tx) {
  ++record.view.version;
  tx.put(record);
}

bool is_whole(const SigningKeyOffer& key) {
  return !key.id.empty() && !key.public_key.empty() && !key.sealed.empty() && !key.sealed_by.empty();
}

}  // namespace

KeysView keys_view(const Reader& reader) { return record_of(reader).view; }

Outcome offer_first_keys(const OfferFirstKeys& c, const Call& call, Transaction& tx) {
  if (!may_change(call)) return not_for_you();
  if (!is_whole(c.key) || c.sealed_secret.empty()) return refuse(kValidationFailed, "the offer lacks a part");
  KeysRecord record = record_of(tx);
  if (!record.view.keys.empty() && !c.replace) return no_content();
  for (const SharedSigningKey& given_up : record.view.keys) tx.cancel_timer<ForgetSigningKey>(given_up.key.id);
  record.view.keys = {{c.key, tx.now(), Time{0}, Time{0}}};
  record.view.sealed_secret = c.sealed_secret;
  write(std::move(record), tx);
  write_audit(c.by, OfferFirstKeys::kName, c.key.id + (c.replace ? ", the former ones given up" : ""), tx);
  return no_content();
}

Outcome rotate_signing_key(const RotateSigningKey& c, const Call& call, Transaction& tx) {
  if (!may_change(call)) return not_for_you();
  if (!is_whole(c.key) || c.token_life_ms <= 0) return refuse(kValidationFailed, "the new key lacks a part");
  KeysRecord record = record_of(tx);
  auto& keys = record.view.keys;
  if (keys.empty()) return refuse(kIllegalTransition, "there is no signing key yet");
  SharedSigningKey& newest = keys.back();
  if (newest.key.id != c.after) return refuse(kStaleVersion, "another key is the newest by now");
  if (tx.now() < newest.use_from) return refuse(kIllegalTransition, "the newest key does not sign yet");
  if (newest.key.sealed_by != c.key.sealed_by)
    return refuse(kIllegalTransition, "the new key is sealed with another master key");
  const Time use_from = after(tx.now(), kPublishedBefore_ms);
  newest.until = after(use_from, c.token_life_ms + kKeptBeyond_ms);
  tx.set_timer(newest.until, newest.key.id, ForgetSigningKey{newest.key.id});
  keys.push_back({c.key, tx.now(), use_from, Time{0}});
  write(std::move(record), tx);
  write_audit(c.by, RotateSigningKey::kName, c.after + " to " + c.key.id, tx);
  return no_content();
}

Outcome forget_signing_key(const ForgetSigningKey& c, const Call& call, Transaction& tx) {
  if (!may_change(call)) return not_for_you();
  KeysRecord record = record_of(tx);
  auto& keys = record.view.keys;
  const auto old = std::find_if(keys.begin(), keys.end(), [&](const auto& k) { return k.key.id == c.id; });
  if (old == keys.end() || old->until == Time{0} || tx.now() < old->until) return no_content();
  keys.erase(old);
  write(std::move(record), tx);
  write_audit("the clock", ForgetSigningKey::kName, c.id, tx);
  return no_content();
}

}  // namespace stoa::catalog
