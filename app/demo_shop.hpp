// The demo shop of a node under `stoa dev`: seeded at the first start and found again at later ones.
#pragma once

#include <functional>
#include <string>

#include "app/demo_seed.hpp"
#include "app/node_server.hpp"

namespace stoa {

class DemoShop {
 public:
  // The server outlives it. `directory` is where it is noted what was seeded.
  DemoShop(NodeServer& server, std::string directory, DemoSeedOptions wanted, DemoSeed::Progress progress);

  // On the loop. `done` gets what went wrong, or nothing.
  void open(std::function<void(const std::string& fault)> done);

 private:
  const std::string directory_;
  const DemoSeedOptions wanted_;
  DemoSeed seed_;
};

}  // namespace stoa
