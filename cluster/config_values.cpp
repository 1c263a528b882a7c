#include "cluster/config_values.hpp"

#include <algorithm>
#include <set>

#include "cluster/config_files.hpp"

namespace stoa {
namespace {

using nlohmann::json;

constexpr int64_t kMaxShards = 4096;  // as many as there are hash slots in an id
constexpr int64_t kMaxInFlight = 1'000'000;
constexpr int64_t kMaxRate = 1'000'000;

class Reader {
 public:
  Reader(const json& file, const ConfigInput& input, std::vector<ConfigFault>& faults)
      : file_(file), input_(input), faults_(faults), files_(input, faults) {}

  Config read() {
    config_.cluster = name_at("/cluster");
    read_nodes();
    const int64_t node_count = static_cast<int64_t>(config_.nodes.size());
    config_.replication = static_cast<uint16_t>(std::min<int64_t>(3, std::max<int64_t>(1, node_count)));
    if (has("/replication")) {
      config_.replication = static_cast<uint16_t>(number_at("/replication", 1, std::max<int64_t>(1, node_count)));
    }
    config_.shards = input_.services;
    for (auto& [service, count] : config_.shards) {
      const std::string pointer = "/shards/" + service;
      if (has(pointer)) count = static_cast<uint16_t>(number_at(pointer, 1, kMaxShards));
    }
    read_limits();
    read_files();
    config_.log.level = one_of("/log/level", {"info", "debug", "warn", "error"});
    config_.log.format = one_of("/log/format", {"json", "text"});
    return std::move(config_);
  }

 private:
  bool has(const std::string& pointer) const { return file_.contains(json::json_pointer(pointer)); }
  const json& at(const std::string& pointer) const { return file_.at(json::json_pointer(pointer)); }
  void fault(const std::string& pointer, std::string what) { faults_.push_back({pointer, std::move(what)}); }

  std::string text_at(const std::string& pointer) {
    std::string text = at(pointer).get<std::string>();
    if (text.empty()) fault(pointer, "must not be empty");
    return text;
  }

  // A name that can stand in a path, a label and a host name.
  std::string name_at(const std::string& pointer) {
    std::string name = at(pointer).get<std::string>();
    const bool sound = !name.empty() && name.size() <= 63 && name[0] != '.' && name[0] != '-' &&
                       std::all_of(name.begin(), name.end(), [](unsigned char c) {
                         return c < 0x80 && (std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.');
                       });
    if (!sound) fault(pointer, "must be 1 to 63 letters, digits, '-', '_' or '.', and begin with a letter or digit");
    return name;
  }

  int64_t number_at(const std::string& pointer, int64_t least, int64_t most) {
    const json& value = at(pointer);
    const bool huge = value.is_number_unsigned() && value.get<uint64_t>() > static_cast<uint64_t>(most);
    const int64_t number = huge ? most + 1 : value.get<int64_t>();
    if (number >= least && number <= most) return number;
    fault(pointer, "must be from " + std::to_string(least) + " to " + std::to_string(most));
    return least;
  }

  // The first of the values is the default.
  std::string one_of(const std::string& pointer, const std::vector<std::string>& values) {
    if (!has(pointer)) return values[0];
    std::string value = at(pointer).get<std::string>();
    if (std::find(values.begin(), values.end(), value) == values.end()) {
      std::string what = "must be one of";
      for (const std::string& v : values) what += " " + v;
      fault(pointer, what);
    }
    return value;
  }

  void read_nodes() {
    if (at("/nodes").empty()) fault("/nodes", "there must be at least one node");
    for (size_t i = 0; i < at("/nodes").size(); ++i) read_node("/nodes/" + std::to_string(i));
    if (config_.nodes.empty()) return;
    if (config_.node(input_.node) == nullptr) fault("/nodes", "there is no node named \"" + input_.node + "\"");
    for (const auto& [service, unused] : input_.services) {
      const bool hosted =
          std::any_of(config_.nodes.begin(), config_.nodes.end(), [&name = service](const NodeConfig& n) {
            return std::find(n.services.begin(), n.services.end(), name) != n.services.end();
          });
      if (!hosted) fault("/nodes", "no node hosts the service \"" + service + "\"");
    }
  }

  void read_node(const std::string& pointer) {
    NodeConfig node;
    node.name = name_at(pointer + "/name");
    node.host = text_at(pointer + "/host");
    if (has(pointer + "/admin_host")) node.admin_host = text_at(pointer + "/admin_host");
    node.data = files_.resolved(text_at(pointer + "/data"), node.name);
    if (has(pointer + "/gateway")) node.gateway = at(pointer + "/gateway").get<bool>();
    if (!names_.insert(node.name).second) fault(pointer + "/name", "another node has this name");
    if (!homes_.emplace(node.host, node.data).second) {
      fault(pointer + "/data", "another node on this host has this directory");
    }
    node.cluster_port = port_at(pointer + "/cluster_port", node.host);
    node.http_port = port_at(pointer + "/http_port", node.host);
    node.admin_port = port_at(pointer + "/admin_port", node.host);
    read_services(pointer + "/services", node);
    config_.nodes.push_back(std::move(node));
  }

  uint16_t port_at(const std::string& pointer, const std::string& host) {
    const size_t faults_before = faults_.size();
    const auto port = static_cast<uint16_t>(number_at(pointer, 1, 65535));
    if (faults_.size() == faults_before && !ports_.emplace(host, port).second) {
      fault(pointer, "another listener on " + host + " has this port");
    }
    return port;
  }

  void read_services(const std::string& pointer, NodeConfig& node) {
    if (!has(pointer)) {
      for (const auto& [service, unused] : input_.services) node.services.push_back(service);
      return;
    }
    for (size_t i = 0; i < at(pointer).size(); ++i) {
      const std::string there = pointer + "/" + std::to_string(i);
      std::string service = at(there).get<std::string>();
      if (input_.services.count(service) == 0) fault(there, "there is no service \"" + service + "\"");
      if (std::find(node.services.begin(), node.services.end(), service) != node.services.end()) {
        fault(there, "named twice");
      }
      node.services.push_back(std::move(service));
    }
  }

  void read_limits() {
    LimitsConfig& limits = config_.limits;
    if (has("/limits/max_in_flight")) {
      limits.max_in_flight = static_cast<uint32_t>(number_at("/limits/max_in_flight", 1, kMaxInFlight));
    }
    if (!has("/limits/rate")) return;
    if (at("/limits/rate").is_string()) {
      one_of("/limits/rate", {"off"});
      limits.address_per_s = limits.user_per_s = std::nullopt;
      return;
    }
    if (has("/limits/rate/address")) limits.address_per_s = rate_at("/limits/rate/address");
    if (has("/limits/rate/user")) limits.user_per_s = rate_at("/limits/rate/user");
  }

  uint32_t rate_at(const std::string& pointer) {
    const std::string text = at(pointer).get<std::string>();
    const size_t digits = text.find_first_not_of("0123456789");
    if (digits != std::string::npos && digits > 0 && digits < 8 && text.substr(digits) == "/s") {
      const int64_t rate = std::stoll(text.substr(0, digits));
      if (rate >= 1 && rate <= kMaxRate) return static_cast<uint32_t>(rate);
    }
    fault(pointer, "must be like \"200/s\", at most " + std::to_string(kMaxRate) + "/s");
    return 1;
  }

  void read_files() {
    const auto path = [&](const std::string& pointer) {
      return files_.existing(pointer, files_.resolved(text_at(pointer), input_.node));
    };
    if (has("/tls")) config_.tls = TlsConfig{path("/tls/ca"), path("/tls/cert"), path("/tls/key")};
    if (has("/http_tls")) config_.http_tls = TlsConfig{"", path("/http_tls/cert"), path("/http_tls/key")};
    const std::string master = "/secrets/master_key_file";
    if (has(master)) {
      config_.master_key_file = path(master);
      files_.check_master_key(master, config_.master_key_file);
    }
  }

  const json& file_;
  const ConfigInput& input_;
  std::vector<ConfigFault>& faults_;
  ConfigFiles files_;
  Config config_;
  std::set<std::string> names_;
  std::set<std::pair<std::string, std::string>> homes_;  // host, directory
  std::set<std::pair<std::string, uint16_t>> ports_;     // host, port
};

}  // namespace

Config config_values(const json& file, const ConfigInput& input, std::vector<ConfigFault>& faults) {
  return Reader(file, input, faults).read();
}

}  // namespace stoa
