#include "app/command_line.hpp"

namespace stoa {

void add_node(CLI::App& root, NodeOptions& options, Action& action) {
  CLI::App* node = root.add_subcommand("node", "Run one node of a cluster");
  node->add_option("--config", options.config, "The cluster's configuration, a JSON file")->required();
  node->add_option("--name", options.name, "Which of its nodes this is")->required();
  node->add_flag("--insecure-cluster", options.insecure_cluster,
                 "Without tls in the file, let the cluster port listen beyond loopback");
  // For `stoa dev --nodes`: a demo shop is seeded through this node.
  node->add_option_function<std::string>("--demo-shop",
                                         [&](const std::string& text) {
                                           DemoSeedOptions wanted;
                                           const size_t colon = text.find(':');
                                           wanted.products = std::stoll(text.substr(0, colon));
                                           wanted.users =
                                               colon == std::string::npos ? 0 : std::stoll(text.substr(colon + 1));
                                           options.demo_shop = wanted;
                                         })
      ->check(CLI::Validator(
          [](const std::string& text) {
            const bool sound = !text.empty() && text.find_first_not_of("0123456789:") == std::string::npos &&
                               text.size() < 16 && text.front() != ':' && text.back() != ':';
            return sound ? std::string() : "wants PRODUCTS:USERS";
          },
          "PRODUCTS:USERS"))
      ->group("");
  node->callback([&] { action = [&] { return run_node(options); }; });
}

}  // namespace stoa
