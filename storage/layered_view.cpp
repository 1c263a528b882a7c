#include "storage/layered_view.hpp"

#include <iterator>

namespace stoa {
namespace {

// Walks the upper layer's keys in [from, to) in one direction.
class Cursor {
 public:
  Cursor(const WriteSet& set, std::string_view from, std::string_view to, bool backwards)
      : low_(set.lower_bound(from)), high_(to.empty() ? set.end() : set.lower_bound(to)), backwards_(backwards) {}

  bool done() const { return low_ == high_; }
  StateWrite here() const { return backwards_ ? *std::prev(high_) : *low_; }
  void next() { backwards_ ? void(--high_) : void(++low_); }

 private:
  WriteSet::Iterator low_, high_;
  bool backwards_;
};

}  // namespace

bool LayeredView::get(std::string_view key, std::string& value) const {
  const auto found = upper_.find(key);
  if (!found) return lower_.get(key, value);
  if (found->value) value = *found->value;
  return found->value.has_value();
}

void LayeredView::scan(std::string_view from, std::string_view to, bool backwards, const Each& each) const {
  if (empty_range(from, to)) return;
  Cursor upper(upper_, from, to, backwards);
  bool wanted = true;
  const auto emit_upper = [&] {
    const auto [key, value] = upper.here();
    upper.next();
    if (value) wanted = each(key, *value);
  };
  lower_.scan(from, to, backwards, [&](std::string_view key, std::string_view value) {
    while (wanted && !upper.done()) {
      const int order = upper.here().key.compare(key);
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
