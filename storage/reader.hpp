// Typed records read from a shard. What queries see; a Transaction is one that can write too.
//
// A record type names its table and key:
//   struct StockRecord { static constexpr Table kTable = 2; ProductId product; ...; ProductId key() const; };
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/record.hpp"
#include "base/time.hpp"
#include "storage/key.hpp"
#include "storage/view.hpp"

namespace stoa {

class Reader {
 public:
  // `now` is the shard's time: max(clock, time of the last entry). `view` outlives the reader.
  Reader(const View& view, uint16_t shard, Time now) : view_(view), shard_(shard), now_(now) {}

  Time now() const { return now_; }
  uint16_t shard() const { return shard_; }

  template <class R, class K>
  std::optional<R> find(const K& key) const {
    key_ = {static_cast<char>(shard_ >> 8), static_cast<char>(shard_), static_cast<char>(R::kTable)};
    append_key(key_, key);
    if (!view_.get(key_, value_)) return std::nullopt;
    return decode_stored<R>(value_);
  }

  // Records whose key begins with `part` (a leading part of the key; std::tuple<>() for the whole table), rising or
  // falling, until `each` returns false.
  template <class R, class P, class F>
  void scan(const P& part, bool backwards, F&& each) const {
    const std::string from = key_of<R>(part);
    view_.scan(from, after_prefix(from), backwards,
               [&](std::string_view, std::string_view value) { return each(decode_stored<R>(value)); });
  }

  // Likewise, but begins beside `start` (a key of the same table, itself left out): above it, or below when backwards.
  template <class R, class P, class K, class F>
  void scan_after(const P& part, const K& start, bool backwards, F&& each) const {
    const std::string whole = key_of<R>(part);
    std::string from = whole, to = after_prefix(whole);
    if (backwards)
      to = key_of<R>(start);
    else
      (from = key_of<R>(start)) += '\0';
    view_.scan(from, to, backwards,
               [&](std::string_view, std::string_view value) { return each(decode_stored<R>(value)); });
  }

  // Records of a table from the key `start` on, rising, until `each` returns false.
  template <class R, class K, class F>
  void scan_from(const K& start, F&& each) const {
    view_.scan(key_of<R>(start), after_prefix(table_prefix(shard_, R::kTable)), false,
               [&](std::string_view, std::string_view value) { return each(decode_stored<R>(value)); });
  }

  template <class R, class K>
  std::string key_of(const K& key) const {
    std::string out = table_prefix(shard_, R::kTable);
    append_key(out, key);
    return out;
  }

 protected:
  const View& view_;
  uint16_t shard_;
  Time now_;

 private:
  mutable std::string key_, value_;  // of the last find(): their memory serves the next
};

}  // namespace stoa
