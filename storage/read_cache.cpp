#include "storage/read_cache.hpp"

#include "storage/key_hash.hpp"

namespace stoa {

ReadCache::Place* ReadCache::place_of(std::string_view key, size_t hash) const {
  if (pairs_.empty()) return nullptr;
  Pair& pair = pairs_[hash & mask_];
  for (uint8_t i = 0; i < 2; ++i) {
    Place& place = pair.places[i];
    if (place.hash == hash && place.key == key) {
      pair.last_used = i;
      return &place;
    }
  }
  return nullptr;
}

const std::string* ReadCache::find(std::string_view key) const {
  const Place* place = place_of(key, hash_key(key));
  return place ? &place->value : nullptr;
}

void ReadCache::keep(std::string_view key, std::string_view value) {
  if (value.size() > kMaxValueBytes || key.empty()) return;
  if (pairs_.empty()) pairs_.resize(mask_ + 1);
  const size_t hash = hash_key(key);
  Place* place = place_of(key, hash);
  if (!place) {
    Pair& pair = pairs_[hash & mask_];
    pair.last_used ^= 1;
    place = &pair.places[pair.last_used];
    place->hash = hash;
    place->key = key;
  }
  place->value = value;
}

void ReadCache::prefetch(const std::vector<StateWrite>& of) const {
  if (pairs_.empty()) return;
  for (const StateWrite& write : of) {
    const Pair& pair = pairs_[hash_key(write.key) & mask_];
    for (const Place& place : pair.places) __builtin_prefetch(&place.hash);
  }
}

void ReadCache::follow(std::string_view key, const std::optional<std::string_view>& value) {
  if (pairs_.empty()) return;
  Place* place = place_of(key, hash_key(key));
  if (!place) return;
  if (value && value->size() <= kMaxValueBytes)
    place->value = *value;
  else
    *place = {};
}

}  // namespace stoa
