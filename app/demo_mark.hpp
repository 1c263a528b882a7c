// What a data directory was seeded with, so that a second start of `stoa dev` does not do it again.
#pragma once

#include "app/demo_seed.hpp"
#include "base/result.hpp"

namespace stoa {

// Nothing seeded yet: zeros and demo_logins false.
struct DemoMark {
  bool demo_logins = false;
  int64_t products = 0;
  int64_t users = 0;

  bool covers(const DemoSeedOptions& o) const { return demo_logins && products >= o.products && users >= o.users; }
};

DemoMark read_demo_mark(const std::string& directory);
// Losing it costs a second, harmless seeding; so it is not synced.
Result<void> write_demo_mark(const std::string& directory, const DemoMark& mark);

}  // namespace stoa
