#include "app/command_line.hpp"

namespace stoa {

void add_dev(CLI::App& root, DevOptions& options, Action& action) {
  CLI::App* dev = root.add_subcommand("dev", "Run one embedded node with a demo shop, on 127.0.0.1");
  dev->add_option("--data", options.data, "The directory of its data")->capture_default_str();
  dev->add_option("--nodes", options.nodes, "A cluster of so many nodes, each a process; node i has the ports + i - 1")
      ->check(CLI::Range(1, 9))
      ->capture_default_str();
  dev->add_flag("--empty", options.empty, "No demo shop and no demo logins");
  dev->add_option("--seed-products", options.seed_products, "Products of the demo shop")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  dev->add_option("--seed-users", options.seed_users, "Customers beside the demo logins")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  dev->add_option("--http-port", options.http_port, "The public API")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  dev->add_option("--admin-port", options.admin_port, "Health, metrics, inspection")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  dev->add_option("--cluster-port", options.cluster_port, "Between nodes; a single node opens none")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  dev->callback([&] { action = [&] { return run_dev(options); }; });
}

}  // namespace stoa
