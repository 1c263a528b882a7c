// An ordered map in memory as a View: the state of tests of rules, and the stored part of the database's twin.
#pragma once

#include <iterator>
#include <map>
#include <string>

#include "storage/view.hpp"
#include "storage/write_set.hpp"

namespace stoa {

class MemoryView final : public View {
 public:
  void apply(const WriteSet& set) {
    for (const auto& [key, value] : set) {
      if (value)
        map_[std::string(key)] = *value;
      else
        map_.erase(std::string(key));
    }
  }

  bool get(std::string_view key, std::string& value) const override {
    const auto found = map_.find(key);
    if (found != map_.end()) value = found->second;
    return found != map_.end();
  }

  void scan(std::string_view from, std::string_view to, bool backwards, const Each& each) const override {
    if (empty_range(from, to)) return;
    auto low = map_.lower_bound(from);
    auto high = to.empty() ? map_.end() : map_.lower_bound(to);
    while (low != high) {
      const auto& at = backwards ? *std::prev(high) : *low;
      if (!each(at.first, at.second)) return;
      backwards ? void(--high) : void(++low);
    }
  }

 private:
  std::map<std::string, std::string, std::less<>> map_;
};

}  // namespace stoa
