// The metrics of a node: parts register what they can tell, a scrape asks them all and renders Prometheus text.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/metric_family.hpp"

namespace stoa {

class Metrics {
 public:
  // The part outlives this, or is taken out. Any thread.
  void add(const Collectable& part);
  void remove(const Collectable& part);

  // Families of one name, told by several parts, are shown as one. Any thread.
  std::string text() const;

 private:
  mutable std::mutex mutex_;  // guards parts_
  std::vector<const Collectable*> parts_;
};

}  // namespace stoa
