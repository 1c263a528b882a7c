// The list of a node's actors as a person sees it: sorted, filtered, cut to the terminal. Plain text, no terminal here.
#pragma once

#include <string>
#include <vector>

#include "inspector/actor_view.hpp"

namespace stoa {

struct ScreenChoice {
  char sort = 'D';      // D depth, O oldest, R rate, B busy, H handled: most first; N name
  std::string filter;   // shown are rows whose name holds it
  bool frozen = false;  // said in the head line
};

// True when `key` is a sort of ScreenChoice.
bool is_sort_key(char key);

// A head line, a line of titles, one line an actor; at most `height` lines of at most `width` characters each.
std::vector<std::string> actor_screen(const ActorView& view, const ScreenChoice& choice, size_t width, size_t height);

}  // namespace stoa
