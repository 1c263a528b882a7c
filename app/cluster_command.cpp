#include <chrono>
#include <iostream>
#include <thread>
#include <unistd.h>

#include "app/admin_tool.hpp"
#include "app/cluster_tables.hpp"
#include "app/command_line.hpp"
#include "app/node_config.hpp"

namespace stoa {
namespace {

using nlohmann::json;

constexpr int kPollMs = 500;
constexpr const char* kNodes = "/v1/cluster/nodes";

int run_status(const ClusterOptions& options) {
  AdminTool tool("stoa cluster status", options.admin);
  const auto cluster = tool.get("/v1/cluster");
  const auto members = cluster ? tool.get(kNodes) : std::nullopt;
  if (!members) return tool.exit_code();
  if (tool.json())
    std::cout << json{{"cluster", *cluster}, {"members", *members}}.dump(2) << "\n";
  else
    std::cout << status_text(*cluster, *members);
  return kExitSuccess;
}

int run_shards(const ClusterOptions& options) {
  AdminTool tool("stoa cluster shards", options.admin);
  const auto cluster = tool.get("/v1/cluster");
  const auto placement = cluster ? tool.get("/v1/cluster/placement") : std::nullopt;
  if (!placement) return tool.exit_code();
  if (tool.json())
    std::cout << json{{"cluster", *cluster}, {"placement", *placement}}.dump(2) << "\n";
  else
    std::cout << shards_text(*cluster, *placement);
  return kExitSuccess;
}

// Sends a change and shows what has begun with it.
int change(AdminTool& tool, const std::string& method, const std::string& path, const json& body,
           const std::string& done) {
  const auto answer = tool.send(method, path, body);
  if (!answer) return tool.exit_code();
  if (tool.json())
    std::cout << answer->dump(2) << "\n";
  else
    std::cout << done << "\n" << changes_text(*answer);
  return kExitSuccess;
}

int run_join(const ClusterOptions& options) {
  AdminTool tool("stoa cluster join", options.admin);
  ConfigInput input;
  input.node = options.node;
  input.services = default_shards();
  const ConfigResult result = load_config(options.config, std::move(input));
  if (const auto* faults = std::get_if<std::vector<ConfigFault>>(&result)) {
    for (const ConfigFault& f : *faults) {
      tool.fail(options.config + ": " + f.pointer + (f.pointer.empty() ? "" : ": ") + f.what, kExitUsage);
    }
    return tool.exit_code();
  }
  const Config& config = std::get<Config>(result);
  const NodeConfig* node = config.node(options.node);
  json shards = json::array();
  for (const auto& [service, count] : config.shards) shards.push_back({{"service", service}, {"shards", count}});
  const json body = {{"name", node->name},
                     {"host", node->host},
                     {"cluster_port", node->cluster_port},
                     {"http_port", node->http_port},
                     {"admin_port", node->admin_port},
                     {"services", node->services},
                     {"gateway", node->gateway},
                     {"cluster", config.cluster},
                     {"shards", std::move(shards)}};
  const auto before = tool.get(kNodes);
  if (!before) return tool.exit_code();
  const std::string status = holding_of(*before, node->name).status;
  const bool there = status == "alive" || status == "draining";
  return change(tool, "POST", kNodes, body,
                there ? node->name + " belongs to the cluster already"
                      : node->name + " belongs to the cluster, and gets replicas once it is met: `stoa node --config " +
                            options.config + " --name " + node->name + "`");
}

// Until the node holds nothing. What is left is shown on one line of a terminal, elsewhere as a line each time.
int wait_until_empty(AdminTool& tool, const std::string& name) {
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  for (std::string shown;;) {
    const auto members = tool.get(kNodes);
    if (!members) return tool.exit_code();
    const Holding holding = holding_of(*members, name);
    const std::string line = name + ": " + std::to_string(holding.replicas) + " replicas to move, " +
                             std::to_string(holding.leaving) + " on their way";
    if (!tool.json() && line != shown) {
      std::cout << (terminal ? "\r" : "") << line << (terminal ? "   " : "\n") << std::flush;
    }
    shown = line;
    if (holding.status != "draining") {
      return tool.fail(name + " is no longer drained: it is " + holding.status, kExitFailure);
    }
    if (holding.replicas + holding.leaving == 0) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(kPollMs));
  }
  if (!tool.json()) {
    std::cout << (terminal ? "\n" : "") << name << " holds nothing: stop it, then `stoa cluster remove " << name
              << "`\n";
  }
  return kExitSuccess;
}

int run_drain(const ClusterOptions& options) {
  AdminTool tool("stoa cluster drain", options.admin);
  const std::string path = std::string(kNodes) + "/" + options.node + "/drain";
  const int begun = change(tool, "POST", path, json::object(), options.node + " is being drained");
  if (begun != kExitSuccess || options.no_wait) return begun;
  return wait_until_empty(tool, options.node);
}

int run_undrain(const ClusterOptions& options) {
  AdminTool tool("stoa cluster undrain", options.admin);
  const std::string path = std::string(kNodes) + "/" + options.node + "/undrain";
  return change(tool, "POST", path, json::object(), options.node + " may hold replicas again");
}

int run_remove(const ClusterOptions& options) {
  AdminTool tool("stoa cluster remove", options.admin);
  const std::string path = std::string(kNodes) + "/" + options.node + (options.force ? "?force=true" : "");
  return change(tool, "DELETE", path, json(), options.node + " no longer belongs to the cluster");
}

int run_move(const ClusterOptions& options) {
  AdminTool tool("stoa cluster move", options.admin);
  const size_t slash = options.shard.find('/');
  const std::string number = slash == std::string::npos ? "" : options.shard.substr(slash + 1);
  if (number.empty() || number.size() > 4 || number.find_first_not_of("0123456789") != std::string::npos)
    return tool.fail("\"" + options.shard + "\" is not SERVICE/SHARD, such as product/3", kExitUsage);
  const json body = {{"service", options.shard.substr(0, slash)},
                     {"shard", std::stoi(number)},
                     {"from", options.from},
                     {"to", options.to}};
  return change(tool, "POST", "/v1/cluster/moves", body, options.shard + " is on the move");
}

int run_rebalance(const ClusterOptions& options) {
  AdminTool tool("stoa cluster rebalance", options.admin);
  return change(tool, "POST", "/v1/cluster/rebalance", json::object(), "all shards are placed by the rule");
}

int run_rotate_keys(const ClusterOptions& options) {
  AdminTool tool("stoa cluster rotate-keys", options.admin);
  const bool lost = options.master_key_lost;
  const char* path = lost ? "/v1/cluster/keys/replace" : "/v1/cluster/keys/rotate";
  if (!tool.send("POST", path, json::object())) return tool.exit_code();
  std::cout << (lost ? "all keys are new; all sessions have ended\n"
                     : "a new signing key is published; it signs in a minute\n");
  return kExitSuccess;
}

CLI::App* add_verb(CLI::App& cluster, const char* name, const char* what, ClusterOptions& options, Action& action,
                   int (*run)(const ClusterOptions&)) {
  CLI::App* verb = cluster.add_subcommand(name, what);
  add_admin_options(*verb, options.admin);
  verb->callback([&options, &action, run] { action = [&options, run] { return run(options); }; });
  return verb;
}

}  // namespace

void add_cluster(CLI::App& root, ClusterOptions& options, Action& action) {
  CLI::App* cluster = root.add_subcommand("cluster", "Operate a running cluster");
  cluster->require_subcommand(1);
  const auto node = [&](CLI::App* verb) { verb->add_option("NODE", options.node, "A node's name")->required(); };
  add_verb(*cluster, "status", "Who belongs to it, and how each node is", options, action, run_status);
  add_verb(*cluster, "shards", "Where each shard is, who leads it, and why", options, action, run_shards);
  CLI::App* join =
      add_verb(*cluster, "join", "Let a node of the configuration file belong to it", options, action, run_join);
  node(join);
  join->add_option("--config", options.config, "The cluster's configuration, with the new node in it")->required();
  CLI::App* drain = add_verb(*cluster, "drain", "Move a node's replicas away, and wait until none is left", options,
                             action, run_drain);
  node(drain);
  drain->add_flag("--no-wait", options.no_wait, "Only begin");
  node(add_verb(*cluster, "undrain", "Let a node hold replicas again", options, action, run_undrain));
  CLI::App* move = add_verb(*cluster, "move", "Move one replica by hand", options, action, run_move);
  move->add_option("SHARD", options.shard, "SERVICE/SHARD, such as product/3")->required();
  move->add_option("FROM", options.from, "The node that has it")->required();
  move->add_option("TO", options.to, "The node that is to have it")->required();
  CLI::App* remove =
      add_verb(*cluster, "remove", "End the membership of a node that holds nothing", options, action, run_remove);
  node(remove);
  remove->add_flag("--force", options.force, "It is lost for good: others take its replicas over");
  add_verb(*cluster, "rebalance", "Place all shards by the rule, those moved by hand too", options, action,
           run_rebalance);
  CLI::App* rotate =
      add_verb(*cluster, "rotate-keys", "Let a new key sign access tokens", options, action, run_rotate_keys);
  rotate->add_flag("--master-key-lost", options.master_key_lost,
                   "The old keys cannot be opened any more: make all anew, which ends all sessions");
}

}  // namespace stoa
