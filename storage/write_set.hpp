// A write set: what a batch of commands changes. The payload of a journal entry and a layer of the overlay. The last
// write of a key wins; a deleted key is a tombstone.
// Found by hash, since that is what nearly all look-ups want; brought into key order when somebody asks for it.
// Keys and values lie in one arena: a record that is written costs no allocation of its own (an ordered map of strings
// took three, and twice the CPU of applying an entry).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

#include "storage/byte_arena.hpp"

namespace stoa {

struct StateWrite {
  std::string_view key;                   // as the database has it: shard (2 bytes) | table (1) | key
  std::optional<std::string_view> value;  // nullopt: the key is deleted

  friend bool operator==(const StateWrite& a, const StateWrite& b) { return a.key == b.key && a.value == b.value; }
};

// One thread while it changes. What begin() has brought into order may be read by several until the next change.
class WriteSet {
 private:
  struct Place {         // of a row in key order, with what decides most comparisons at hand
    uint64_t high, low;  // the key's first 16 bytes as numbers
    uint32_t row;
  };

 public:
  class Iterator;

  WriteSet() = default;
  WriteSet(std::initializer_list<StateWrite> writes) {
    for (const StateWrite& write : writes) put(write.key, write.value);
  }

  void put(std::string_view key, std::optional<std::string_view> value);
  // False, and nothing happens, when the key is written already.
  bool put_new(std::string_view key, std::optional<std::string_view> value);
  // For a set that is read in key order and seldom searched: hashes nothing. REQUIRES that the key is above all others.
  void append(std::string_view key, std::optional<std::string_view> value);
  // As if the key had never been written.
  void forget(std::string_view key);
  // nullopt: not written. The views are good until the next change. Counts as a change itself after an append().
  std::optional<StateWrite> find(std::string_view key) const;
  // Asks the processor for the memory in which a put() or find() of these keys will look: a set may be larger than its
  // caches, and it fetches several places in the time that one takes. REQUIRES at most kPrefetched keys.
  static constexpr size_t kPrefetched = 16;
  void prefetch(const std::vector<StateWrite>& of) const;

  // In key order.
  Iterator begin() const;
  Iterator end() const;
  Iterator lower_bound(std::string_view key) const;  // the first whose key is not below

  size_t size() const { return rows_.size() - forgotten_; }
  bool empty() const { return size() == 0; }
  size_t bytes() const;  // of memory held, about

  // Keys that were put so far, and: takes back the keys that came after the first `keys`. What was put over an older
  // key stays. REQUIRES that nothing was forgotten.
  size_t keys_put() const { return rows_.size(); }
  void cut(size_t keys);

  friend bool operator==(const WriteSet& a, const WriteSet& b);

 private:
  static constexpr uint32_t kDeleted = UINT32_MAX, kForgotten = UINT32_MAX - 1;  // as value_size
  struct Row {
    const char* key;
    char* value;
    uint32_t key_size, value_size, capacity;
    uint32_t hash;
  };
  struct Slot {
    uint32_t hash = 0;
    uint32_t row = 0;  // one more than its number; 0: free
  };

  static std::string_view key_of(const Row& row) { return {row.key, row.key_size}; }
  static StateWrite write_of(const Row& row);
  static Place place_of(std::string_view key, uint32_t row);
  bool before(const Place& a, const Place& b) const;
  bool tie_before(const Place& a, const Place& b) const;
  Slot* slot_of(std::string_view key, uint32_t hash) const;
  void add(std::string_view key, uint32_t hash);
  void push(std::string_view key, uint32_t hash);
  void hash_rest() const;
  void fill_slots(size_t slots) const;
  void set(Row& row, std::optional<std::string_view> value);
  void grow();
  void bring_into_order() const;

  ByteArena arena_;
  mutable std::vector<Row> rows_;    // as they came
  mutable std::vector<Slot> slots_;  // probed one after another; a power of two, at most half full
  mutable size_t hashed_ = 0;        // so many of rows_ have their slots; only append() leaves some without
  size_t forgotten_ = 0;             // rows that count no more
  mutable std::vector<Place> order_;
  mutable size_t ordered_ = 0;  // so many of rows_ are in order_
};

class WriteSet::Iterator {
 public:
  using iterator_category = std::bidirectional_iterator_tag;
  using value_type = StateWrite;
  using difference_type = std::ptrdiff_t;
  using pointer = void;
  using reference = StateWrite;

  StateWrite operator*() const { return write_of(set_->rows_[at_->row]); }
  Iterator& operator++() { return ++at_, *this; }
  Iterator& operator--() { return --at_, *this; }
  friend bool operator==(Iterator a, Iterator b) { return a.at_ == b.at_; }
  friend bool operator!=(Iterator a, Iterator b) { return a.at_ != b.at_; }

 private:
  friend class WriteSet;
  Iterator(const WriteSet* set, const Place* at) : set_(set), at_(at) {}

  const WriteSet* set_;
  const Place* at_;
};

}  // namespace stoa
