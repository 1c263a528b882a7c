#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace stoa {

void check_failed(const char* file, int line, const char* expression, std::string_view what) noexcept {
  std::fprintf(stderr, "stoa: %s:%d: invariant broken: %s (%.*s)\n", file, line, expression,
               static_cast<int>(what.size()), what.data());
  std::fflush(stderr);
  std::abort();
}

}  // namespace stoa
