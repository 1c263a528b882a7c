// What a run has found wrong. The first finding counts: what comes after may follow from it.
#pragma once

#include <string>
#include <utility>

namespace stoa::whole {

class Findings {
 public:
  bool any() const { return !first_.empty(); }
  const std::string& first() const { return first_; }
  void add(std::string what) {
    if (first_.empty()) first_ = std::move(what);
  }

 private:
  std::string first_;
};

}  // namespace stoa::whole
