// What can be read of a shard's records: one consistent, ordered map from key to value.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace stoa {

class View {
 public:
  virtual ~View() = default;

  // True and `value` set when the key is there.
  virtual bool get(std::string_view key, std::string& value) const = 0;

  // Calls `each` for the keys in [from, to), rising, or falling when `backwards`, until it returns false. An empty `to`
  // is the end of all keys; a range that ends before it begins is empty.
  // The views passed are good only during the call. The map may not be changed meanwhile.
  using Each = std::function<bool(std::string_view key, std::string_view value)>;
  virtual void scan(std::string_view from, std::string_view to, bool backwards, const Each& each) const = 0;
};

inline bool empty_range(std::string_view from, std::string_view to) { return !to.empty() && to <= from; }

}  // namespace stoa
