#include "storage/write_set.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.hpp"
#include "storage/key_hash.hpp"

namespace stoa {
namespace {

constexpr size_t kFirstSlots = 64;    // most entries fit
constexpr size_t kSortedAtOnce = 32;  // new rows are put in place one by one while so many times as many are in order

uint32_t hash_of(std::string_view key) { return static_cast<uint32_t>(hash_key(key)); }

// The eight bytes of the key from `from` on, zeros behind its end. Order of numbers is order of bytes.
uint64_t number_at(std::string_view key, size_t from) {
  uint64_t bytes = 0;
  if (from < key.size()) std::memcpy(&bytes, key.data() + from, std::min<size_t>(8, key.size() - from));
  return __builtin_bswap64(bytes);
}

}  // namespace

StateWrite WriteSet::write_of(const Row& row) {
  if (row.value_size == kDeleted) return {key_of(row), std::nullopt};
  return {key_of(row), std::string_view(row.value, row.value_size)};
}

void WriteSet::put(std::string_view key, std::optional<std::string_view> value) {
  hash_rest();
  const uint32_t hash = hash_of(key);
  const Slot* slot = slots_.empty() ? nullptr : slot_of(key, hash);
  if (slot == nullptr || slot->row == 0) {
    add(key, hash);
    return set(rows_.back(), value);
  }
  Row& row = rows_[slot->row - 1];
  if (row.value_size != kForgotten) return set(row, value);
  // Its old place in the order is gone, so it begins anew.
  const auto again = static_cast<uint32_t>(rows_.size() + 1);
  rows_.push_back({row.key, nullptr, row.key_size, kDeleted, 0, hash});
  slot_of(key, hash)->row = again;
  ++hashed_;
  set(rows_.back(), value);
}

bool WriteSet::put_new(std::string_view key, std::optional<std::string_view> value) {
  hash_rest();
  const uint32_t hash = hash_of(key);
  const Slot* slot = slots_.empty() ? nullptr : slot_of(key, hash);
  if (slot != nullptr && slot->row != 0) return false;
  add(key, hash);
  set(rows_.back(), value);
  return true;
}

void WriteSet::append(std::string_view key, std::optional<std::string_view> value) {
  STOA_CHECK(ordered_ == rows_.size() && (order_.empty() || key_of(rows_[order_.back().row]) < key), "keys rise");
  push(key, 0);
  order_.push_back(place_of(key, static_cast<uint32_t>(ordered_++)));
  set(rows_.back(), value);
}

void WriteSet::forget(std::string_view key) {
  hash_rest();
  const Slot* slot = slots_.empty() ? nullptr : slot_of(key, hash_of(key));
  if (slot == nullptr || slot->row == 0) return;
  const uint32_t number = slot->row - 1;
  Row& row = rows_[number];
  if (row.value_size == kForgotten) return;
  if (number < ordered_) {
    const Place place = place_of(key, number);
    order_.erase(std::lower_bound(order_.begin(), order_.end(), place, [&](auto& a, auto& b) { return before(a, b); }));
  }
  if (row.capacity > 0) arena_.give_back(row.value, row.capacity);
  row = {row.key, nullptr, row.key_size, kForgotten, 0, row.hash};
  ++forgotten_;
}

std::optional<StateWrite> WriteSet::find(std::string_view key) const {
  hash_rest();
  if (slots_.empty()) return std::nullopt;
  const Slot* slot = slot_of(key, hash_of(key));
  if (slot->row == 0 || rows_[slot->row - 1].value_size == kForgotten) return std::nullopt;
  return write_of(rows_[slot->row - 1]);
}

// One step of each look-up after the other: what a step reads, the one before has asked for.
void WriteSet::prefetch(const std::vector<StateWrite>& of) const {
  STOA_CHECK(of.size() <= kPrefetched, "no more than fit into the processor's nearest cache");
  if (slots_.empty()) return;
  const size_t mask = slots_.size() - 1;
  std::array<uint32_t, kPrefetched> hashes;
  std::array<const Row*, kPrefetched> found;
  for (size_t i = 0; i < of.size(); ++i) {
    hashes[i] = hash_of(of[i].key);
    __builtin_prefetch(&slots_[hashes[i] & mask]);
  }
  size_t rows = 0;
  for (size_t i = 0; i < of.size(); ++i) {
    const Slot& slot = slots_[hashes[i] & mask];
    if (slot.row == 0 || slot.hash != hashes[i]) continue;
    found[rows++] = &rows_[slot.row - 1];
    __builtin_prefetch(found[rows - 1]);
  }
  for (size_t i = 0; i < rows; ++i) {
    __builtin_prefetch(found[i]->key);
    __builtin_prefetch(found[i]->value);
  }
}

// Where the key is, or would be.
WriteSet::Slot* WriteSet::slot_of(std::string_view key, uint32_t hash) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.row == 0 || (slot.hash == hash && key_of(rows_[slot.row - 1]) == key)) return &slot;
  }
}

void WriteSet::add(std::string_view key, uint32_t hash) {
  if (2 * (rows_.size() + 1) > slots_.size()) grow();
  *slot_of(key, hash) = {hash, static_cast<uint32_t>(rows_.size() + 1)};
  push(key, hash);
  ++hashed_;
}

void WriteSet::push(std::string_view key, uint32_t hash) {
  char* const at = arena_.take(key.size());
  if (!key.empty()) std::memcpy(at, key.data(), key.size());
  rows_.push_back({at, nullptr, static_cast<uint32_t>(key.size()), kDeleted, 0, hash});
}

void WriteSet::set(Row& row, std::optional<std::string_view> value) {
  if (!value) {
    row.value_size = kDeleted;
    return;
  }
  STOA_CHECK(value->size() < kForgotten, "a value is smaller than 4 GiB");
  if (value->size() > row.capacity) {
    if (row.capacity > 0) arena_.give_back(row.value, row.capacity);
    row.value = arena_.take_piece(value->size());
    row.capacity = static_cast<uint32_t>(ByteArena::capacity_for(value->size()));
  }
  row.value_size = static_cast<uint32_t>(value->size());
  if (!value->empty()) std::memcpy(row.value, value->data(), value->size());
}

void WriteSet::grow() {
  fill_slots(std::max(kFirstSlots, 2 * slots_.size()));
  rows_.reserve(slots_.size() / 2);
}

void WriteSet::hash_rest() const {
  if (hashed_ == rows_.size()) return;
  for (size_t i = hashed_; i < rows_.size(); ++i) rows_[i].hash = hash_of(key_of(rows_[i]));
  size_t slots = std::max(kFirstSlots, slots_.size());
  while (2 * (rows_.size() + 1) > slots) slots *= 2;
  fill_slots(slots);
  hashed_ = rows_.size();
}

// Rows come back in the order in which they came, so that cut() may free the slots of the last ones.
void WriteSet::fill_slots(size_t slots) const {
  slots_.assign(slots, {});
  for (size_t i = 0; i < rows_.size(); ++i) {
    *slot_of(key_of(rows_[i]), rows_[i].hash) = {rows_[i].hash, static_cast<uint32_t>(i + 1)};
  }
}

void WriteSet::cut(size_t keys) {
  STOA_CHECK(forgotten_ == 0, "what is cut was not forgotten");
  hash_rest();
  for (; rows_.size() > keys; rows_.pop_back()) {
    *slot_of(key_of(rows_.back()), rows_.back().hash) = {};
    if (rows_.back().capacity > 0) arena_.give_back(rows_.back().value, rows_.back().capacity);
  }
  hashed_ = rows_.size();
  if (ordered_ <= keys) return;
  order_.erase(std::remove_if(order_.begin(), order_.end(), [&](const Place& p) { return p.row >= keys; }),
               order_.end());
  ordered_ = keys;
}

WriteSet::Place WriteSet::place_of(std::string_view key, uint32_t row) {
  return {number_at(key, 0), number_at(key, 8), row};
}

// Small, so that sorting inlines it.
inline bool WriteSet::before(const Place& a, const Place& b) const {
  if (a.high != b.high) return a.high < b.high;
  if (a.low != b.low) return a.low < b.low;
  return tie_before(a, b);
}

bool WriteSet::tie_before(const Place& a, const Place& b) const { return key_of(rows_[a.row]) < key_of(rows_[b.row]); }

void WriteSet::bring_into_order() const {
  if (ordered_ == rows_.size()) return;
  const auto less = [this](const Place& a, const Place& b) { return before(a, b); };
  const size_t sorted = order_.size();
  order_.reserve(rows_.size() - forgotten_);
  const bool one_by_one = (rows_.size() - ordered_) * kSortedAtOnce < sorted;
  for (; ordered_ < rows_.size(); ++ordered_) {
    if (rows_[ordered_].value_size == kForgotten) continue;
    const Place place = place_of(key_of(rows_[ordered_]), static_cast<uint32_t>(ordered_));
    order_.insert(one_by_one ? std::upper_bound(order_.begin(), order_.end(), place, less) : order_.end(), place);
  }
  if (one_by_one) return;
  const auto middle = order_.begin() + static_cast<std::ptrdiff_t>(sorted);
  std::sort(middle, order_.end(), less);
  if (sorted > 0) std::inplace_merge(order_.begin(), middle, order_.end(), less);
}

WriteSet::Iterator WriteSet::begin() const {
  bring_into_order();
  return {this, order_.data()};
}

WriteSet::Iterator WriteSet::end() const {
  bring_into_order();
  return {this, order_.data() + order_.size()};
}

WriteSet::Iterator WriteSet::lower_bound(std::string_view key) const {
  bring_into_order();
  const Place wanted = place_of(key, 0);
  const auto found = std::lower_bound(order_.begin(), order_.end(), wanted, [&](const Place& a, const Place& b) {
    if (a.high != b.high) return a.high < b.high;
    if (a.low != b.low) return a.low < b.low;
    return key_of(rows_[a.row]) < key;
  });
  return {this, order_.data() + (found - order_.begin())};
}

size_t WriteSet::bytes() const {
  return arena_.bytes() + rows_.capacity() * sizeof(Row) + slots_.capacity() * sizeof(Slot);
}

bool operator==(const WriteSet& a, const WriteSet& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
}

}  // namespace stoa
