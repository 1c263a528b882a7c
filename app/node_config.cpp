#include "app/node_config.hpp"

#include <filesystem>

#include "actors/service_number.hpp"
#include "app/command_line.hpp"
#include "gateway/https.hpp"
#include "storage/posix_disk.hpp"

namespace stoa {
namespace {

// What a cluster is made with where its file says nothing: more for what sells than for what follows a sale.
constexpr uint16_t kShards = 4;
constexpr uint16_t kShardsOfBusyServices = 8;
constexpr const char* kDevNode = "dev";

std::map<std::string, uint16_t> service_numbers() {
  return {
#define STOA_SERVICE(folder, number) {#folder, number},
#include "actors/services.def"
#undef STOA_SERVICE
  };
}

}  // namespace

std::map<std::string, uint16_t> default_shards() {
  std::map<std::string, uint16_t> shards;
  for (const auto& [name, number] : service_numbers()) {
    if (number == service_number::catalog) continue;  // has one, always
    const bool busy = number == service_number::product || number == service_number::order;
    shards[name] = busy ? kShardsOfBusyServices : kShards;
  }
  return shards;
}

std::vector<ConfigFault> unusable_certificate(const Config& config, const std::string& name) {
  const NodeConfig* const node = config.node(name);
  if (!config.http_tls || node == nullptr || !node->gateway) return {};
  const auto opened = open_https({config.http_tls->cert, config.http_tls->key});
  return opened ? std::vector<ConfigFault>() : std::vector<ConfigFault>{{"/http_tls", opened.error().what}};
}

std::vector<ConfigFault> unshared_secrets(const Config& config) {
  if (config.nodes.size() < 2 || !config.master_key_file.empty()) return {};
  return {{"/secrets/master_key_file",
           "a cluster of several nodes needs one, the same on all: head -c 32 /dev/urandom | base64 > master.key"}};
}

std::optional<Config> load_node_config(const NodeOptions& options, std::ostream& err) {
  ConfigInput input;
  input.node = options.name;
  input.services = default_shards();
  input.environment = stoa_environment();
  ConfigResult result = load_config(options.config, std::move(input));
  std::vector<ConfigFault> faults;
  if (auto* config = std::get_if<Config>(&result)) {
    faults = unusable_certificate(*config, options.name);
    for (ConfigFault& fault : unshared_secrets(*config)) faults.push_back(std::move(fault));
    if (faults.empty()) return std::move(*config);
  } else {
    faults = std::get<std::vector<ConfigFault>>(std::move(result));
  }
  for (const ConfigFault& fault : faults) {
    err << "stoa node: " << options.config << ": " << fault.pointer << (fault.pointer.empty() ? "" : ": ") << fault.what
        << "\n";
  }
  return std::nullopt;
}

Config dev_config(const DevOptions& options) {
  NodeConfig node;
  node.name = kDevNode;
  node.host = "127.0.0.1";
  node.cluster_port = options.cluster_port;
  node.http_port = options.http_port;
  node.admin_port = options.admin_port;
  node.data = std::filesystem::absolute(options.data).lexically_normal().string();
  Config config;
  config.cluster = kDevNode;
  config.shards = default_shards();
  for (const auto& [service, unused] : config.shards) node.services.push_back(service);
  config.log.level = "warn";
  config.limits.address_per_s = config.limits.user_per_s = std::nullopt;
  config.nodes.push_back(std::move(node));
  return config;
}

std::vector<GroupId> all_groups(const Config& config) {
  std::vector<GroupId> groups = {{service_number::catalog, 0}};
  const auto numbers = service_numbers();
  for (const auto& [service, count] : config.shards) {
    for (uint16_t shard = 0; shard < count; ++shard) groups.push_back({numbers.at(service), shard});
  }
  return groups;
}

std::optional<NodeData> open_node_data(const Config& config, const std::string& node,
                                       const std::vector<GroupId>& groups, Random& random, std::ostream& err,
                                       int& exit_code) {
  exit_code = kExitFailure;
  const std::string path = std::filesystem::path(config.node(node)->data).lexically_normal().string();
  const auto failed = [&](const std::string& what) {
    err << "stoa: " << path << ": " << what << "\n";
    return std::nullopt;
  };
  auto disk = PosixDisk::open_directory(path);
  if (!disk) return failed(disk.error().what);
  auto found = read_identity(**disk);
  if (!found) return failed(found.error().what);
  NodeData data{std::move(*disk), found->value_or(DataIdentity{})};
  if (found->has_value()) {
    const std::vector<ConfigFault> faults = compare_identity(data.identity, config, node);
    for (const ConfigFault& fault : faults) err << "stoa: " << fault.pointer << ": " << fault.what << "\n";
    if (!faults.empty()) exit_code = kExitUsage;
    if (!faults.empty()) return std::nullopt;
  }
  if (complete_identity(data.identity, config, node, groups, random)) {
    const auto written = write_identity(*data.disk, data.identity);
    if (!written) return failed(written.error().what);
  }
  return data;
}

}  // namespace stoa
