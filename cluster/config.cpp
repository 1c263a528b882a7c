#include "cluster/config.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json.hpp"
#include "cluster/config_schema.hpp"
#include "cluster/config_values.hpp"

namespace stoa {

const NodeConfig* Config::node(const std::string& name) const {
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const NodeConfig& n) { return n.name == name; });
  return found == nodes.end() ? nullptr : &*found;
}

ConfigResult read_config(const ConfigInput& input) {
  std::vector<ConfigFault> faults;
  auto file = parse_json(input.text);
  if (!file) return std::vector<ConfigFault>{{"", file.error().what}};
  const ConfigShape shape = config_shape(input.services);
  if (file->is_object()) apply_environment(input.environment, shape, *file, faults);
  check_shape(*file, shape, "", faults);
  if (!faults.empty()) return faults;
  Config config = config_values(*file, input, faults);
  if (!faults.empty()) return faults;
  return config;
}

ConfigResult load_config(const std::string& path, ConfigInput input) {
  std::error_code error;
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path, error)) {
    return std::vector<ConfigFault>{{"", "the file cannot be read"}};
  }
  input.text.assign(std::istreambuf_iterator<char>(in), {});
  input.directory = std::filesystem::absolute(path).parent_path().string();
  return read_config(input);
}

std::string cluster_bind_host(const Config& config, const NodeConfig& node, bool insecure_cluster) {
  const bool loopback = node.host == "localhost" || node.host == "::1" || node.host.rfind("127.", 0) == 0;
  return config.tls || insecure_cluster || loopback ? node.host : "127.0.0.1";
}

}  // namespace stoa
