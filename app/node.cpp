#include "app/command_line.hpp"

namespace stoa {

void add_node(CLI::App& root, NodeOptions& options, Action& action) {
  CLI::App* node = root.add_subcommand("node", "Run one node of a cluster");
  node->add_option("--config", options.config, "The cluster's configuration, a JSON file")->required();
  node->add_option("--name", options.name, "Which of its nodes this is")->required();
  node->add_flag("--insecure-cluster", options.insecure_cluster,
                 "Without tls in the file, let the cluster port listen beyond loopback");
  node->callback([&] { action = [&] { return run_node(options); }; });
}

}  // namespace stoa
