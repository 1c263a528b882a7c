#include "storage/layered_view.hpp"

#include <iterator>

namespace stoa {
namespace {

// Walks the upper layer's keys in [from, to) in one direction.
class Cursor {
 public:
  using Map = decltype(WriteSet::writes);
  Cursor(const Map& map, std::string_view from, std::string_view to, bool backwards)
      : low_(map.lower_bound(from)), high_(to.empty() ? map.end() : map.lower_bound(to)), backwards_(backwards) {}

  bool done() const { return low_ == high_; }
  const Map::value_type& here() const { return backwards_ ? *std::prev(high_) : *low_; }
  void next() { backwards_ ? void(--high_) : void(++low_); }

 private:
  Map::const_iterator low_, high_;
  bool backwards_;
};

}  // namespace

bool LayeredView::get(std::string_view key, std::string& value) const {
  const auto found = upper_.writes.find(key);
  if (found == upper_.writes.end()) return lower_.get(key, value);
  if (found->second) value = *found->second;
  return found->second.has_value();
}

void LayeredView::scan(std::string_view from, std::string_view to, bool backwards, const Each& each) const {
  if (empty_range(from, to)) return;
  Cursor upper(upper_.writes, from, to, backwards);
  bool wanted = true;
  const auto emit_upper = [&] {
    const auto& [key, value] = upper.here();
    upper.next();
    if (value) wanted = each(key, *value);
  };
  lower_.scan(from, to, backwards, [&](std::string_view key, std::string_view value) {
    while (wanted && !upper.done()) {
      const int order = std::string_view(upper.here().first).compare(key);
      if (backwards ? order < 0 : order > 0) break;
      emit_upper();
      if (order == 0) return wanted;  // hides the lower one
    }
    if (wanted) wanted = each(key, value);
    return wanted;
  });
  while (wanted && !upper.done()) emit_upper();
}

}  // namespace stoa
