// Records read from the database, kept for the next reader: a fixed number of places, each key has two of them.
// Its owner keeps it true: what changes is updated or forgotten here too. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/write_set.hpp"

namespace stoa {

class ReadCache {
 public:
  static constexpr size_t kMaxValueBytes = 4096;  // larger ones are not kept

  // Holds at most `places` records (a power of two). They take memory only once something is kept.
  explicit ReadCache(size_t places) : mask_(places / 2 - 1) {}

  // nullptr when it is not here. Good until the next call that is not const.
  const std::string* find(std::string_view key) const;
  void keep(std::string_view key, std::string_view value);
  // The key has a new value, or none: a record that is here follows; one that is not here stays away.
  void follow(std::string_view key, const std::optional<std::string_view>& value);
  void clear() { pairs_.clear(); }
  // Asks the processor for where follow() will look for these keys.
  void prefetch(const std::vector<StateWrite>& of) const;

 private:
  struct Place {
    size_t hash = 0;
    std::string key;  // empty: free
    std::string value;
  };
  struct Pair {
    Place places[2];
    mutable uint8_t last_used = 0;
  };

  Place* place_of(std::string_view key, size_t hash) const;

  const size_t mask_;
  mutable std::vector<Pair> pairs_;
};

}  // namespace stoa
