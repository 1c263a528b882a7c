// A group of three on the table, of which the first leads.
#pragma once

#include <vector>

#include "tests/cluster/table.hpp"

namespace stoa {

struct Three {
  Table a{1, voters({1, 2, 3})}, b{2, voters({1, 2, 3})}, c{3, voters({1, 2, 3})};
  std::vector<Table*> all{&a, &b, &c};
  Three() { a.elect(all); }
};

}  // namespace stoa
