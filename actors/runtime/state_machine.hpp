// State machines as tables, so that a test can try every pair, /meta/state-machines can serve them and the docs draw
// them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace stoa {

struct Transition {
  std::string_view from;
  std::string_view command;
  std::string_view to;
};

struct StateMachine {
  std::string_view name;
  std::string_view initial;
  std::vector<Transition> transitions;
};

}  // namespace stoa
