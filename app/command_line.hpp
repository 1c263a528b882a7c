// The command tree of `stoa`: one function per subcommand, each in a file of its own.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "app/admin_tool.hpp"
#include "app/node_process.hpp"
#include "scenarios/load.hpp"

namespace stoa {

struct InspectOptions {
  std::string attach = "127.0.0.1:9090";
  std::string view = "actors";
  bool once = false;
  bool json = false;
};

struct ConfigOptions {
  AdminToolOptions admin;
  std::string key;
  std::string value;
  bool unset = false;
  std::string if_version;  // empty: any
  uint64_t version = 0;
};

struct ClusterOptions {
  AdminToolOptions admin;
  std::string node;
  std::string config;  // a file
  std::string shard;   // "product/3"
  std::string from, to;
  bool no_wait = false;
  bool force = false;
  bool master_key_lost = false;
};

enum ExitCode : int { kExitSuccess = 0, kExitFailure = 1, kExitUsage = 2 };

// What a subcommand does once the whole line is understood: it returns the exit code.
using Action = std::function<int()>;

// Each adds its subcommand, which fills `options` and sets `action` when it is the one that was typed. Both outlive
// root.
void add_dev(CLI::App& root, DevOptions& options, Action& action);
void add_node(CLI::App& root, NodeOptions& options, Action& action);
void add_inspect(CLI::App& root, InspectOptions& options, Action& action);
void add_config(CLI::App& root, ConfigOptions& options, Action& action);
void add_cluster(CLI::App& root, ClusterOptions& options, Action& action);
void add_load(CLI::App& root, scenarios::LoadOptions& options, Action& action);

// Runs the command that was typed. A wrong line is one line on stderr and kExitUsage; errors leave by no exception.
int run_command_line(int argc, const char* const* argv);

}  // namespace stoa
