// A write set seen over what lies below it: reads and ordered scans merge both, the upper one wins, tombstones hide.
#pragma once

#include "storage/view.hpp"
#include "storage/write_set.hpp"

namespace stoa {

class LayeredView final : public View {
 public:
  // Both outlive the view. `upper` may change between calls.
  LayeredView(const View& lower, const WriteSet& upper) : lower_(lower), upper_(upper) {}

  bool get(std::string_view key, std::string& value) const override;
  void scan(std::string_view from, std::string_view to, bool backwards, const Each& each) const override;

 private:
  const View& lower_;
  const WriteSet& upper_;
};

}  // namespace stoa
