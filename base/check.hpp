// Invariants that hold in release builds too. A broken one aborts the process: going on could sell an item twice.
#pragma once

#include <string_view>

namespace stoa {

// Prints where and what to stderr and aborts. Safe to call from any thread.
[[noreturn]] void check_failed(const char* file, int line, const char* expression, std::string_view what) noexcept;

}  // namespace stoa

// STOA_CHECK(condition, "what must be true and who guarantees it")
#define STOA_CHECK(condition, what)                               \
  do {                                                            \
    if (__builtin_expect(!(condition), 0)) {                      \
      ::stoa::check_failed(__FILE__, __LINE__, #condition, what); \
    }                                                             \
  } while (false)
