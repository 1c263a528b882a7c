// The two ways to be a node: one of a cluster, described by a file, or the embedded one with a demo shop.
// Both block until the node has stopped, print what went wrong as one line on stderr, and return an ExitCode.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/demo_seed.hpp"

namespace stoa {

struct DevOptions {
  std::string data = ".stoa/dev";
  uint16_t nodes = 1;
  bool empty = false;  // no demo shop
  uint32_t seed_products = 200;
  uint32_t seed_users = 0;  // beside the demo logins
  uint16_t http_port = 8080;
  uint16_t admin_port = 9090;
  uint16_t cluster_port = 7070;
};

struct NodeOptions {
  std::string config;  // a file
  std::string name;
  bool insecure_cluster = false;
  std::optional<DemoSeedOptions> demo_shop;  // of the first node under `stoa dev --nodes`
};

int run_dev(const DevOptions& options);
int run_node(const NodeOptions& options);

}  // namespace stoa
