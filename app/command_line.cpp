#include "app/command_line.hpp"

#include <exception>
#include <iostream>
#include <string>

#include "app/version.hpp"

namespace stoa {
namespace {

bool is_command(CLI::App& root, const std::string& name) {
  return !root.get_subcommands([&](const CLI::App* at) { return at->get_name() == name; }).empty();
}

// "stoa load" for a line that got as far as the subcommand.
std::string typed_command(const CLI::App& root) {
  std::string name = "stoa";
  for (const CLI::App* at = &root; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    name += " " + at->get_name();
  }
  return name;
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  Action action;
  DevOptions dev;
  NodeOptions node;
  scenarios::LoadOptions load;
  InspectOptions inspect;
  ConfigOptions config;
  ClusterOptions cluster;
  CLI::App root("Stoa: a commerce backend that loses nothing it has acknowledged.", "stoa");
  root.set_version_flag("--version", std::string("stoa ") + program_version() + " (" + program_revision() + ")");
  root.require_subcommand(1);
  root.get_formatter()->column_width(34);
  add_dev(root, dev, action);
  add_node(root, node, action);
  add_load(root, load, action);
  add_inspect(root, inspect, action);
  add_cluster(root, cluster, action);
  add_config(root, config, action);
  try {
    if (argc > 1 && argv[1][0] != '-' && !is_command(root, argv[1])) {
      throw CLI::ExtrasError({argv[1]});
    }
    root.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return root.exit(e, std::cout, std::cerr);  // --help, --version
    const std::string command = typed_command(root);
    std::cerr << command << ": " << e.what() << "; see " << command << " --help\n";
    return kExitUsage;
  }
  try {
    return action();
  } catch (const std::exception& e) {
    std::cerr << typed_command(root) << ": " << e.what() << "\n";
    return kExitFailure;
  }
}

}  // namespace stoa
