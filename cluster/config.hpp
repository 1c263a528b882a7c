// The configuration of a cluster: one JSON file, the same for every node; docs/config.md is its manual.
// Read strictly: every fault is told with the JSON pointer of where it stands, and nothing starts on a faulty file.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace stoa {

struct NodeConfig {
  std::string name;
  std::string host;                      // where the other nodes and the clients reach it; HTTP listens here
  std::string admin_host = "127.0.0.1";  // where the admin listener listens
  uint16_t cluster_port = 0;
  uint16_t http_port = 0;
  uint16_t admin_port = 0;
  std::string data;                   // a directory
  std::vector<std::string> services;  // what it hosts
  bool gateway = true;
};

// Paths of PEM files.
struct TlsConfig {
  std::string ca;  // empty for http_tls
  std::string cert;
  std::string key;
};

struct LimitsConfig {
  uint32_t max_in_flight = 1024;  // requests that a node works on at once
  // Requests a second; nothing when rate limits are off.
  std::optional<uint32_t> address_per_s = 200;
  std::optional<uint32_t> user_per_s = 100;
};

struct LogConfig {
  std::string level = "info";   // debug, info, warn, error
  std::string format = "json";  // json, text
};

// All paths are resolved against the file's directory, with {name} replaced.
struct Config {
  std::string cluster;
  uint16_t replication = 1;
  std::map<std::string, uint16_t> shards;  // every service the program has
  std::optional<TlsConfig> tls;
  std::optional<TlsConfig> http_tls;
  std::string master_key_file;  // empty: a key is made in the data directory
  std::vector<NodeConfig> nodes;
  LimitsConfig limits;
  LogConfig log;

  const NodeConfig* node(const std::string& name) const;
};

struct ConfigFault {
  std::string pointer;  // of the faulty value; the variable's name where no value could be named; empty: the whole file
  std::string what;
};

struct ConfigInput {
  std::string text;       // the JSON
  std::string directory;  // what relative paths start from
  std::string node;       // the node that reads it: its name stands for {name}, and its files must be there
  std::map<std::string, uint16_t> services;        // every service the program has, with its default number of shards
  std::map<std::string, std::string> environment;  // the variables whose name begins with STOA_
};

using ConfigResult = std::variant<Config, std::vector<ConfigFault>>;

// Checks everything it can before it gives up, so that one run shows all faults of the same kind. At least one fault.
ConfigResult read_config(const ConfigInput& input);

// Reads `path`; what cannot be read is a fault of the whole file. `text` and `directory` of the input are set from it.
ConfigResult load_config(const std::string& path, ConfigInput input);

// The variables of this process whose name begins with STOA_.
std::map<std::string, std::string> stoa_environment();

// Where the cluster listener binds: the node's host, or loopback alone while nothing authenticates its peers.
std::string cluster_bind_host(const Config& config, const NodeConfig& node, bool insecure_cluster);

}  // namespace stoa
